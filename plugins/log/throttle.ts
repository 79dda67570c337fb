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

/** Different messages that are throttled apart. */
const MOST = 100;

/** Returns a function that calls `act` at most once a minute for errors with the same message. */
export function throttleErrors(act: (error: unknown) => void, now = monotonicNow): (error: unknown) => void {
  const known = new Map<string, (error: unknown) => void>();
  const others = throttle(act, now);
  return (error) => {
    const message = error instanceof Error ? error.message : '';
    const throttled = known.get(message) ?? (known.size < MOST ? throttle(act, now) : others);
    if (throttled !== others) known.set(message, throttled);
    throttled(error);
  };
}
