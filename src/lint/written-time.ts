import type { DerElement } from '../formats/der/reader.ts';
import { decodeTime } from '../formats/der/time.ts';
import { TAG } from '../formats/der/writer.ts';

const LAST_UTC_YEAR = 2049;

/** Whether a Time is a UTCTime until 2049 and a GeneralizedTime from 2050, in seconds and with Z (RFC 5280 §5.1.2.4). */
export function isWrittenTime({ tag, contents }: DerElement): boolean {
  const date = tag === TAG.utcTime || tag === TAG.generalizedTime ? decodeTime(tag, contents) : undefined;
  return date !== undefined && (tag === TAG.utcTime) === date.getUTCFullYear() <= LAST_UTC_YEAR;
}
