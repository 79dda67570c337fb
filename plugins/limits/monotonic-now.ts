/** Whole milliseconds since the process began, whatever is done to the clock. */
export const monotonicNow = (): number => Math.floor(performance.now());
