/** Returns the present time. It is passed in, so that tests can use any date. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** Whole milliseconds since the process started. Changes of the system clock have no effect on it. */
export const monotonicNow = (): number => Math.floor(performance.now());

/** RFC 3339 in UTC, with whole seconds, which is the resolution of certificates. */
export const rfc3339 = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
