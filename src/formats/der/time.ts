/** Reads UTCTime and GeneralizedTime in the only form that RFC 5280 §4.1.2.5 allows: seconds, Z, no fraction. */

import { TAG } from './writer.ts';

const UTC_TIME_LENGTH = 'YYMMDDHHMMSSZ'.length;
const GENERALIZED_TIME_LENGTH = 'YYYYMMDDHHMMSSZ'.length;
const SHAPE = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;

/** Returns undefined for another form, and for a date or time that does not exist. */
export function decodeTime(tag: number, contents: Uint8Array): Date | undefined {
  const isUtcTime = tag === TAG.utcTime;
  if (contents.length !== (isUtcTime ? UTC_TIME_LENGTH : GENERALIZED_TIME_LENGTH)) return undefined;
  const text = String.fromCharCode(...contents);
  const match = SHAPE.exec(isUtcTime ? century(text) + text : text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  // Date reads 30 February as a day in March, and 24:00 as the next day
  return Number.isNaN(date.getTime()) || date.toISOString() !== iso ? undefined : date;
}

/** RFC 5280 §4.1.2.5.1: YY from 50 on means 19YY. */
const century = (text: string): string => (text >= '50' ? '19' : '20');
