/** When a message is tried again. */

/** In milliseconds. */
const FIRST = 5000;
const LONGEST = 21_600_000;

/** With these pauses, the last attempt is about a day after the first. */
export const MAX_ATTEMPTS = 16;

/**
 * Doubles with each attempt, up to six hours. Up to the half is random (`random` is from 0 to 1), so that the messages of
 * a receiver that was down do not arrive together.
 */
export const pauseAfter = (attempts: number, random: number): number =>
  Math.min(FIRST * 2 ** (attempts - 1), LONGEST) * (1 - random / 2);
