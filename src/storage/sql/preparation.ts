import { storeUnavailable } from '../unavailable.ts';
import { inTime } from './in-time.ts';

/** What must succeed once before the database is used, such as its migration. It is repeated until it succeeds. */
export class Preparation {
  readonly #prepare: () => Promise<void>;
  #attempt: Promise<void> | undefined;

  constructor(prepare: () => Promise<void>) {
    this.#prepare = prepare;
  }

  /** Rejects as the attempt does; the next call begins another one. */
  async done(): Promise<void> {
    this.#attempt ??= this.#begin();
    await inTime(this.#attempt, storeUnavailable('is not ready yet'));
  }

  async #begin(): Promise<void> {
    try {
      await this.#prepare();
    } catch (error) {
      this.#attempt = undefined;
      throw error;
    }
  }
}
