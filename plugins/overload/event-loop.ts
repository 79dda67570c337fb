export interface EventLoopWatch {
  /** By how many milliseconds the event loop was late when it was last looked at, or is by now. */
  lateness(): number;
  stop(): void;
}

/** In milliseconds. */
const INTERVAL = 500;

/** Looks again and again how late a timer is. */
export function watchEventLoop(): EventLoopWatch {
  let due = performance.now() + INTERVAL;
  let late = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    late = now - due;
    due = now + INTERVAL;
  }, INTERVAL).unref();
  return {
    lateness: () => Math.max(late, performance.now() - due),
    stop: () => clearInterval(timer),
  };
}
