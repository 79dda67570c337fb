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
  if (contents[contents.length - 1] !== Z || !hasDigits(contents)) return undefined;
  const century = isUtcTime ? centuryOf(pair(contents, 0)) : pair(contents, 0);
  const start = isUtcTime ? 0 : 2;
  const month = pair(contents, start + 2);
  const day = pair(contents, start + 4);
  const hour = pair(contents, start + 6);
  const minute = pair(contents, start + 8);
  const second = pair(contents, start + 10);
  const date = new Date(0);
  date.setUTCFullYear(century * 100 + pair(contents, start), month - 1, day);
  // Date reads 30 February as a day in March
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  date.setUTCHours(hour, minute, second);
  return date;
}

/** Whether all octets but the last one are digits. */
function hasDigits(contents: Uint8Array): boolean {
  for (let i = 0; i < contents.length - 1; i += 1) {
    const octet = contents[i] ?? 0;
    if (octet < 0x30 || octet > 0x39) return false;
  }
  return true;
}

/** The number of two digits. */
const pair = (contents: Uint8Array, start: number): number =>
  ((contents[start] ?? 0) - 0x30) * 10 + (contents[start + 1] ?? 0) - 0x30;

/** RFC 5280 §4.1.2.5.1: YY from 50 on means 19YY. */
const centuryOf = (year: number): number => (year >= 50 ? 19 : 20);
