/** How long a new certificate is valid, within the bounds of its profile and its issuer. */

import { PkiError } from '../base/errors.ts';
import { validityOfDays, wholeDaysBetween, type Validity } from '../x509/validity.ts';
import type { Profile } from './profile.ts';

/** Validity in days if the caller requests none. */
const DEFAULT_DAYS = 365;

/** Throws PkiError invalid-validity. */
export function checkDays({ maxDays }: Profile, days: number): void {
  if (Number.isInteger(days) && days >= 1 && days <= maxDays) return;
  throw new PkiError(
    'invalid-validity',
    `The validity must be a whole number of days from 1 to ${maxDays}, got ${days}`,
  );
}

/**
 * A certificate is valid within the validity of its issuer. Default days are shortened to fit, requested days are
 * refused. Throws PkiError exceeds-issuer or invalid-validity.
 */
export function validityWithin(
  issuer: Validity,
  profile: Profile,
  days: number | undefined,
  now: Date,
): Validity {
  if (days !== undefined) checkDays(profile, days);
  const validity = validityOfDays(now, days ?? DEFAULT_DAYS, issuer.notBefore);
  if (validity.notAfter <= issuer.notAfter) return validity;
  if (days === undefined) return { notBefore: validity.notBefore, notAfter: issuer.notAfter };
  throw exceedsIssuer(issuer, wholeDaysBetween(validity.notBefore, issuer.notAfter));
}

function exceedsIssuer({ notAfter }: Validity, longest: number): PkiError {
  const allowed = longest < 1 ? 'less than one day is left' : `the validity must be at most ${longest} days`;
  return new PkiError(
    'exceeds-issuer',
    `The CA certificate expires at ${notAfter.toISOString()}: ${allowed}`,
  );
}
