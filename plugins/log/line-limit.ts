import { monotonicNow } from '../../src/base/clock.ts';

/** Lines in one second: enough for every probe, and for an operator who looks for a client. */
const LIMIT = 10;

/**
 * Returns a function that is called before a line is written. It returns how many lines were left out since the last one, or
 * undefined if this one must be left out too. `now` is monotonic, in milliseconds.
 */
export function createLineLimit(limit = LIMIT, now = monotonicNow): () => number | undefined {
  let end = 0;
  let written = 0;
  let omitted = 0;
  return () => {
    const time = now();
    if (time >= end) {
      end = time + 1000;
      written = 0;
    }
    if (written >= limit) {
      omitted += 1;
      return undefined;
    }
    written += 1;
    const before = omitted;
    omitted = 0;
    return before;
  };
}
