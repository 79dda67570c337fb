export interface EventLoopWatch {
  /**
   * Returns how many milliseconds the event loop was late at each of the last two checks, at least. A single pause, as of a
   * machine that stands still, is no overload.
   */
  lateness(): number;
  stop(): void;
}

/** In milliseconds. */
const INTERVAL = 500;

/** Measures repeatedly how late a timer fires. */
export function watchEventLoop(): EventLoopWatch {
  let due = performance.now() + INTERVAL;
  let [earlier, last] = [0, 0];
  const timer = setInterval(() => {
    const now = performance.now();
    [earlier, last] = [last, now - due];
    due = now + INTERVAL;
  }, INTERVAL).unref();
  return {
    lateness: () => Math.min(last, Math.max(earlier, performance.now() - due)),
    stop: () => clearInterval(timer),
  };
}
