import { storeUnavailable } from '../unavailable.ts';
import { inTime } from './in-time.ts';

export interface ReadLimits {
  /** The most reads that run or wait. Further ones are refused at once. */
  readonly queue: number;
  /** The most milliseconds from a call to its result. */
  readonly timeout: number;
}

/** Limits reads in number and in time. */
export class Reads {
  readonly #limits: ReadLimits;
  #count = 0;

  constructor(limits: ReadLimits) {
    this.#limits = limits;
  }

  /** Rejects with PkiError store-unavailable beyond the limits. */
  async run<T>(read: () => Promise<T>): Promise<T> {
    if (this.#count >= this.#limits.queue) throw storeUnavailable('has too many reads waiting');
    this.#count += 1;
    try {
      return await inTime(read(), this.#limits.timeout, 'did not finish a read in time');
    } finally {
      this.#count -= 1;
    }
  }
}
