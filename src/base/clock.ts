/** Returns the current time. It is passed as an argument, so that tests can choose the date. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** RFC 3339 in UTC with whole seconds, the resolution of certificates. */
export const rfc3339 = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
