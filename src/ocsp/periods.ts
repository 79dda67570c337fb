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

/** A clock that is corrected by less than this is nothing to report. In milliseconds. */
const TOLERANCE = 60_000;

export class Periods {
  readonly #clock: Clock;
  /** In milliseconds. */
  readonly #validity: number;
  #latest = 0;
  readonly #onAhead: (seconds: number) => void;
  #isAhead = false;

  /**
   * `validity` in seconds. `onAhead` is called once when thisUpdate is ahead of the clock, because the clock was ahead
   * before, and with 0 when it no longer is.
   */
  constructor(clock: Clock, validity: number, onAhead: (seconds: number) => void = () => undefined) {
    this.#clock = clock;
    this.#validity = validity * SECOND;
    this.#onAhead = onAhead;
  }

  /** How far thisUpdate is ahead of the clock, in seconds; 0 unless the clock stepped back. */
  get ahead(): number {
    return Math.max(0, this.#latest - this.#clock().getTime()) / SECOND;
  }

  /** Returns the time, in milliseconds; never less than a `thisUpdate` that was signed, also when the clock steps back. */
  now(): number {
    return Math.max(this.#clock().getTime(), this.#latest);
  }

  /** Returns the period of a response that is signed now, in whole seconds. It ends with the certificate of the signer. */
  start({ validity }: ResponderKey, isKnown: boolean): Period {
    this.#latest = Math.floor(this.now() / SECOND) * SECOND;
    this.#reportAhead();
    const length = isKnown ? this.#validity : Math.min(UNKNOWN_VALIDITY, this.#validity);
    const end = this.#latest + length;
    return {
      thisUpdate: new Date(this.#latest),
      nextUpdate: new Date(Math.min(end, validity?.notAfter.getTime() ?? end)),
    };
  }

  #reportAhead(): void {
    const { ahead } = this;
    const isAhead = ahead * SECOND > TOLERANCE;
    if (isAhead !== this.#isAhead) this.#onAhead(isAhead ? ahead : 0);
    this.#isAhead = isAhead;
  }
}

/** Half of the life of a response: a new one is signed from then on. In milliseconds. */
export const middleOf = ({ thisUpdate, nextUpdate }: Period): number =>
  (thisUpdate.getTime() + nextUpdate.getTime()) / 2;
