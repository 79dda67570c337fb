/** Reads UTCTime and GeneralizedTime in the only form that RFC 5280 §4.1.2.5 allows: seconds, Z, no fraction. */

import { TAG } from './writer.ts';

const UTC_TIME_LENGTH = 'YYMMDDHHMMSSZ'.length;
const GENERALIZED_TIME_LENGTH = 'YYYYMMDDHHMMSSZ'.length;
const Z = 0x5a;

/**
 * Returns undefined for another form, and for a date or time that does not exist. A CRL has as many times as entries, so
 * this makes no text of them.
 */
export function decodeTime(tag: number, contents: Uint8Array): Date | undefined {
  const isUtcTime = tag === TAG.utcTime;
  if (contents.length !== (isUtcTime ? UTC_TIME_LENGTH : GENERALIZED_TIME_LENGTH)) return undefined;
  if (contents.at(-1) !== Z || !contents.subarray(0, -1).every(isDigit)) return undefined;
  const start = isUtcTime ? 0 : 2;
  const century = isUtcTime ? centuryOf(pair(contents, 0)) : pair(contents, 0);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = PLACES.map((place) =>
    pair(contents, start + place),
  );
  const date = new Date(0);
  date.setUTCFullYear(century * 100 + year, month - 1, day);
  // Date reads 30 February as a day in March
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  date.setUTCHours(hour, minute, second);
  return date;
}

/** Of year, month, day, hour, minute and second. */
const PLACES = [0, 2, 4, 6, 8, 10];

const isDigit = (octet: number): boolean => octet >= 0x30 && octet <= 0x39;

/** The number of two digits. */
const pair = (contents: Uint8Array, start: number): number =>
  ((contents[start] ?? 0) - 0x30) * 10 + (contents[start + 1] ?? 0) - 0x30;

/** RFC 5280 §4.1.2.5.1: YY from 50 on means 19YY. */
const centuryOf = (year: number): number => (year >= 50 ? 19 : 20);
