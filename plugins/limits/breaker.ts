/** Keeps requests from waiting for what has just failed (a circuit breaker). */

import { monotonicNow } from '../../src/base/clock.ts';

export interface Breaker {
  /** Whether to ask. After a failure this says so once a pause, to one request. */
  allows(): boolean;
  succeeded(): void;
  failed(): void;
  /** Whether what was asked last has failed. */
  readonly isTripped: boolean;
}

/** Failures in a row that may be chance, and the pause after one, in milliseconds: the rest of the same request. */
const CHANCES = 2;
const SHORT_PAUSE = 100;
/** The pause after more. */
const LONG_PAUSE = 5000;

/** `now` is in milliseconds and never goes back. */
export function createBreaker(now = monotonicNow): Breaker {
  let failures = 0;
  let pausedUntil = 0;
  const pause = (): void => {
    pausedUntil = now() + (failures > CHANCES ? LONG_PAUSE : SHORT_PAUSE);
  };
  return {
    allows() {
      if (failures === 0) return true;
      if (now() < pausedUntil) return false;
      pause();
      return true;
    },
    succeeded() {
      failures = 0;
    },
    failed() {
      failures++;
      pause();
    },
    get isTripped() {
      return failures > 0;
    },
  };
}
