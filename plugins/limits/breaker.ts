/** A circuit breaker: requests do not wait for a store that has just failed. */

import { monotonicNow } from '../../src/base/clock.ts';

export interface Breaker {
  /** Whether to call the store. After a failure, true for one request in each pause. */
  allows(): boolean;
  succeeded(): void;
  failed(): void;
  /** Whether the last call failed. */
  readonly isTripped: boolean;
}

/** Consecutive failures that may be chance, and the pause after each, in milliseconds: the rest of the same request. */
const TOLERATED_FAILURES = 2;
const SHORT_PAUSE = 100;
/** The pause after more failures, in milliseconds. */
const LONG_PAUSE = 5000;

/** `now` is monotonic, in milliseconds. */
export function createBreaker(now = monotonicNow): Breaker {
  let failures = 0;
  let pausedUntil = 0;
  const pause = (): void => {
    pausedUntil = now() + (failures > TOLERATED_FAILURES ? LONG_PAUSE : SHORT_PAUSE);
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
