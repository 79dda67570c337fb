/** From when and until when a response holds. */

import type { Clock } from '../base/clock.ts';
import type { ResponderKey } from './ports.ts';

export interface Period {
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
}

/** For a serial number that was never issued: it can be issued at any time. In milliseconds. */
const UNKNOWN_VALIDITY = 300_000;

const SECOND = 1000;

export class Periods {
  readonly #clock: Clock;
  /** In milliseconds. */
  readonly #validity: number;
  #latest = 0;

  /** `validity` in seconds. */
  constructor(clock: Clock, validity: number) {
    this.#clock = clock;
    this.#validity = validity * SECOND;
  }

  /** Returns the time, in milliseconds; never less than a `thisUpdate` that was signed, also when the clock steps back. */
  now(): number {
    return Math.max(this.#clock().getTime(), this.#latest);
  }

  /** Returns the period of a response that is signed now, in whole seconds. It ends with the certificate of the signer. */
  start({ validity }: ResponderKey, isKnown: boolean): Period {
    this.#latest = Math.floor(this.now() / SECOND) * SECOND;
    const length = isKnown ? this.#validity : Math.min(UNKNOWN_VALIDITY, this.#validity);
    const end = this.#latest + length;
    return {
      thisUpdate: new Date(this.#latest),
      nextUpdate: new Date(Math.min(end, validity?.notAfter.getTime() ?? end)),
    };
  }
}

/** Half of the life of a response: a new one is signed from then on. In milliseconds. */
export const middleOf = ({ thisUpdate, nextUpdate }: Period): number =>
  (thisUpdate.getTime() + nextUpdate.getTime()) / 2;
