/** How long to wait before a new worker replaces one that has ended. Times in milliseconds. */

export interface Backoff {
  /** Returns the next delay. `uptime` is how long the worker that has ended had served. */
  next(uptime: number): number;
}

/** Long enough for a signal that ended a worker to reach the primary too. */
const SHORTEST = 100;
const LONGEST = 30_000;
/** A worker that served for this long did not end because of a failed start. */
const STABLE_UPTIME = 60_000;

export function createBackoff(): Backoff {
  let failures = 0;
  return {
    next(uptime) {
      failures = uptime < STABLE_UPTIME ? failures + 1 : 1;
      return Math.min(SHORTEST * 2 ** (failures - 1), LONGEST);
    },
  };
}
