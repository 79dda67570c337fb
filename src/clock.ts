/** Where the present time comes from: passed in, so that tests can stand at any date. */
export type Clock = () => Date;

export const systemClock: Clock = () => new Date();
