import { monotonicNow } from '../../src/base/clock.ts';

/** The shortest time between two lines about the same fault, in milliseconds. */
const INTERVAL = 60_000;

/** Returns a function that calls `act` at most once a minute. */
export function throttle<T>(act: (about: T) => void, now = monotonicNow): (about: T) => void {
  let next = 0;
  return (about) => {
    if (now() < next) return;
    next = now() + INTERVAL;
    act(about);
  };
}
