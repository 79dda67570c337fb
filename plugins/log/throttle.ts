import { monotonicNow } from '../../src/base/clock.ts';

/** Least time between two lines of the log about the same fault, in milliseconds. */
const QUIET = 60_000;

/** The same act, which is left out where the last time is not a minute ago. */
export function throttle<T>(act: (about: T) => void, now = monotonicNow): (about: T) => void {
  let next = 0;
  return (about) => {
    if (now() < next) return;
    next = now() + QUIET;
    act(about);
  };
}
