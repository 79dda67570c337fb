/** Where the present time comes from: passed in, so that tests can stand at any date. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Whole milliseconds since the process started. Unaffected by changes of the system clock. */
export const monotonicNow = (): number => Math.floor(performance.now());

/** RFC 3339 in UTC, whole seconds, as certificates count time. */
export const rfc3339 = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
