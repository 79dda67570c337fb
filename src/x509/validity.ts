import type { Der } from '../formats/der/header.ts';
import { sequence, time } from '../formats/der/writer.ts';

const SECOND = 1000;
const DAY = 86_400 * SECOND;

/** notBefore is this far in the past, so that a relying party with a slow clock can use the certificate at once. */
const CLOCK_SKEW = 300 * SECOND;

/** Both ends are part of the period (RFC 5280 §4.1.2.5). Whole seconds. */
export interface Validity {
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** Returns a period of exactly `days` × 86,400 seconds that began five minutes ago, or at `earliest` if that is later. */
export function validityOfDays(now: Date, days: number, earliest?: Date): Validity {
  const skewed = Math.floor((now.getTime() - CLOCK_SKEW) / SECOND) * SECOND;
  const start = Math.max(skewed, earliest?.getTime() ?? skewed);
  return { notBefore: new Date(start), notAfter: new Date(start + days * DAY) };
}

export const wholeDaysBetween = (start: Date, end: Date): number =>
  Math.floor((end.getTime() - start.getTime()) / DAY);

/** Validity ::= SEQUENCE { notBefore Time, notAfter Time } */
export const encodeValidity = ({ notBefore, notAfter }: Validity): Der =>
  sequence(time(notBefore), time(notAfter));
