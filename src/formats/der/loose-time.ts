/** Times as BER allows them (X.680 §46, §47), in years 1950 to 2049 for UTCTime (RFC 5280 §4.1.2.5.1). */

import { TAG } from './writer.ts';

const UTC_TIME = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(Z|[+-]\d{4})$/;
const GENERALIZED_TIME = /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d)(?:[.,]\d+)?)?)?(Z|[+-]\d{4})$/;
const MAX_LENGTH = 40;

/** A fraction of a second is cut off. Returns undefined for local time, and for a date or time that does not exist. */
export function decodeLooseTime(tag: number, contents: Uint8Array): Date | undefined {
  if (contents.length > MAX_LENGTH) return undefined;
  const text = String.fromCharCode(...contents);
  const match = (tag === TAG.utcTime ? UTC_TIME : GENERALIZED_TIME).exec(text);
  if (match === null) return undefined;
  const [, year = '', month, day, hour, minute = '00', second = '00', zone = 'Z'] = match;
  const iso = `${wholeYear(year)}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const local = new Date(iso);
  if (Number.isNaN(local.getTime()) || local.toISOString() !== iso) return undefined;
  return inYears(new Date(local.getTime() - offsetOf(zone)));
}

const wholeYear = (year: string): string => {
  if (year.length === 4) return year;
  return (year >= '50' ? '19' : '20') + year;
};

/** In milliseconds. */
function offsetOf(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3));
  return (zone.startsWith('-') ? -minutes : minutes) * 60_000;
}

/** An offset can lead out of the years that a time can have. */
const inYears = (date: Date): Date | undefined => {
  const year = date.getUTCFullYear();
  return year >= 0 && year <= 9999 ? date : undefined;
};
