/** How long a new certificate is valid, within the limits of its profile and its issuer. */

import { rfc3339 } from '../base/clock.ts';
import { PkiError, type PathStep } from '../base/errors.ts';
import { wholeDaysBetween, type Validity } from '../x509/validity.ts';
import { afterDuration, formatDuration, type Duration } from './duration.ts';
import type { Profile } from './profile.ts';

/** What the caller requests, in one of three ways. */
export type RequestedValidity =
  | { readonly days: number }
  | { readonly duration: Duration }
  /** From now when `notBefore` is absent. Whole seconds. */
  | { readonly notBefore: Date | undefined; readonly notAfter: Date };

export interface ValidityTerms {
  readonly profile: Profile;
  readonly requested: RequestedValidity | undefined;
  readonly now: Date;
  /** A new certificate starts so many seconds ago, so that a relying party with a slow clock can use it at once. */
  readonly skew: number;
  /** Validity of the issuer: the new certificate is valid within it. */
  readonly issuer?: Validity | undefined;
}

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const MINIMUM: Duration = { years: 0, months: 0, days: 0, seconds: 300 };
const TOO_SHORT = `The validity must be at least ${formatDuration(MINIMUM)}`;

/** Returns the duration. Throws PkiError invalid-validity if it is shorter than every certificate. */
export function longEnough(duration: Duration): Duration {
  const start = new Date(0);
  if (afterDuration(start, duration) >= afterDuration(start, MINIMUM)) return duration;
  throw new PkiError('invalid-validity', TOO_SHORT);
}

/** `99991231235959Z` means no expiry (RFC 5280 §4.1.2.5), and is the last time that can be encoded. */
const END_OF_TIME = new Date('9999-12-31T23:59:59Z');
/** RFC 5280 §4.1.2.5.1: the first year of UTCTime. */
const START_OF_TIME = new Date('1950-01-01T00:00:00Z');

/**
 * Returns the validity of a new certificate. The default of the profile is shortened to the validity of the issuer, a
 * requested validity is not. Throws PkiError invalid-validity or exceeds-issuer at the member that requests it.
 */
export function newValidity(terms: ValidityTerms): Validity {
  const { requested } = terms;
  if (requested === undefined) return defaultValidity(terms);
  if ('days' in requested) return validityOfDays(terms, requested.days);
  if ('duration' in requested) return validityOfDuration(terms, requested.duration);
  return validityUntil(terms, requested);
}

function defaultValidity(terms: ValidityTerms): Validity {
  const { issuer, profile } = terms;
  const { notBefore, notAfter } = startingNow(terms, profile.defaultValidity ?? daysOf(profile.defaultDays));
  return { notBefore, notAfter: issuer && issuer.notAfter < notAfter ? issuer.notAfter : notAfter };
}

function validityOfDays(terms: ValidityTerms, days: number): Validity {
  const { maxDays } = terms.profile;
  if (!Number.isInteger(days) || days < 1 || days > maxDays)
    throw invalid(`The validity must be a whole number of days from 1 to ${maxDays}, got ${days}`, 'days');
  const validity = startingNow(terms, daysOf(days));
  const { issuer } = terms;
  if (issuer === undefined || validity.notAfter <= issuer.notAfter) return validity;
  const longest = wholeDaysBetween(validity.notBefore, issuer.notAfter);
  const allowed = longest < 1 ? 'less than one day is left' : `the validity must be at most ${longest} days`;
  throw exceeds(`The CA certificate expires at ${issuer.notAfter.toISOString()}: ${allowed}`, 'days');
}

function validityOfDuration(terms: ValidityTerms, duration: Duration): Validity {
  const validity = startingNow(terms, duration);
  checkLength(terms.profile, validity, 'validity');
  return endingWithin(terms.issuer, validity, 'validity');
}

function validityUntil(
  terms: ValidityTerms,
  { notBefore: requested, notAfter }: Extract<RequestedValidity, { readonly notAfter: Date }>,
): Validity {
  const { now, profile, issuer } = terms;
  if (notAfter <= now || notAfter > END_OF_TIME)
    throw invalid(`The end of the validity must be in the future, up to ${rfc3339(END_OF_TIME)}`, 'notAfter');
  const notBefore = requested ?? start(terms, notAfter.getTime() - now.getTime());
  if (notBefore < START_OF_TIME)
    throw invalid(`The start of the validity must be ${rfc3339(START_OF_TIME)} or later`, 'notBefore');
  const validity = { notBefore, notAfter };
  // A CA may outlive the limit of days when its end is named
  checkLength(profile.isCa ? { ...profile, maxDays: Infinity } : profile, validity, 'notAfter');
  if (issuer !== undefined && notBefore < issuer.notBefore)
    throw exceeds(`The CA certificate is not valid before ${rfc3339(issuer.notBefore)}`, 'notBefore');
  return endingWithin(issuer, validity, 'notAfter');
}

const daysOf = (days: number): Duration => ({ years: 0, months: 0, days, seconds: 0 });

/** Exactly `duration`, from a moment ago. */
function startingNow(terms: ValidityTerms, duration: Duration): Validity {
  const { now } = terms;
  const notBefore = start(terms, afterDuration(now, duration).getTime() - now.getTime());
  return { notBefore, notAfter: afterDuration(notBefore, duration) };
}

/** A tenth of `length` ago at most, so that a certificate of minutes is not half over when it is made. */
function start({ now, skew, issuer }: ValidityTerms, length: number): Date {
  const back = Math.min(skew * SECOND, length / 10);
  const skewed = Math.floor((now.getTime() - back) / SECOND) * SECOND;
  return new Date(Math.max(skewed, issuer?.notBefore.getTime() ?? skewed));
}

function checkLength({ maxDays, isCa }: Profile, { notBefore, notAfter }: Validity, step: PathStep): void {
  if (notAfter < afterDuration(notBefore, MINIMUM)) throw invalid(TOO_SHORT, step);
  if (notAfter.getTime() - notBefore.getTime() <= maxDays * DAY) return;
  throw invalid(
    isCa
      ? `The validity of a CA must be at most ${maxDays} days, unless the request names its end`
      : `The validity must be at most ${maxDays} days`,
    step,
  );
}

function endingWithin(issuer: Validity | undefined, validity: Validity, step: PathStep): Validity {
  if (issuer === undefined || validity.notAfter <= issuer.notAfter) return validity;
  throw exceeds(
    `The CA certificate expires at ${rfc3339(issuer.notAfter)}; the validity must not end after that`,
    step,
  );
}

const invalid = (sentence: string, step: PathStep): PkiError =>
  new PkiError('invalid-validity', sentence, [step]);

const exceeds = (sentence: string, step: PathStep): PkiError =>
  new PkiError('exceeds-issuer', sentence, [step]);
