export interface EventLoopWatch {
  /** Returns how many milliseconds the event loop was late at the last check, or is late now. */
  lateness(): number;
  stop(): void;
}

/** In milliseconds. */
const INTERVAL = 500;

/** Measures repeatedly how late a timer fires. */
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
