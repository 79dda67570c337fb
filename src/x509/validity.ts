import type { Der } from '../formats/der/header.ts';
import { sequence, time } from '../formats/der/writer.ts';

/** In milliseconds. */
const DAY = 86_400_000;

/** Both ends are part of the period (RFC 5280 §4.1.2.5). Whole seconds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

export const wholeDaysBetween = (start: Date, end: Date): number =>
  Math.floor((end.getTime() - start.getTime()) / DAY);

/** Validity ::= SEQUENCE { notBefore Time, notAfter Time } */
export const encodeValidity = ({ notBefore, notAfter }: Validity): Der =>
  sequence(time(notBefore), time(notAfter));
