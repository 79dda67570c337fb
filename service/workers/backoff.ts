/** How long to wait before another worker takes the place of one that has ended. Times in milliseconds. */

export interface Backoff {
  /** `lived` is how long the one that has ended had served. */
  next(lived: number): number;
}

/** Long enough for a signal that ended a worker to reach the primary too. */
const SHORTEST = 100;
const LONGEST = 30_000;
/** A worker that served for so long did not end because of how it starts. */
const PROVEN = 60_000;

export function createBackoff(): Backoff {
  let failures = 0;
  return {
    next(lived) {
      failures = lived < PROVEN ? failures + 1 : 1;
      return Math.min(SHORTEST * 2 ** (failures - 1), LONGEST);
    },
  };
}
