/**
 * How a search finds its rows. An index has the rows of each term, principal, authority and profile in the order of
 * `issuedAt`. A search walks along one of them and checks the rest of each row, so the one with the fewest rows is best.
 */

import type { CertificateFilter, CertificateQuery } from '../port/certificates.ts';
import { Conditions } from './conditions.ts';
import { countUpTo, spreadOf, startOf } from './estimates.ts';
import { planByExpiry } from './expiry-plan.ts';
import { expiryOf } from './expiry.ts';
import { BY_EXPIRY, BY_TERM, FACTS, IN_ORDER, IN_ORDER_OF_EXPIRY, type Fact, type Plan } from './plans.ts';
import { nameTerm, subjectTerms } from './terms.ts';
import type { Transaction } from './transaction.ts';

/** How many rows of a term are read in the time of one certificate whose term is looked up. */
const ROWS_OF_TERM = 8;

/** The most certificates that are sorted. */
const FEW = 2000;

interface Candidate {
  readonly plan: Plan;
  /** The time over which its first rows are spread, in milliseconds: the longer, the rarer. Infinity if it has few. */
  readonly spread: number;
}

/** The certificates with these terms are searched. */
export function* planFor(query: CertificateQuery, terms: readonly string[]): Transaction<Plan> {
  const { filter, order, now } = query;
  if (isUnique(filter)) return order === 'expiring-first' ? IN_ORDER_OF_EXPIRY : IN_ORDER;
  const facts = factsOf(filter);
  if (order === 'expiring-first') return yield* planByExpiry(query, terms, facts);
  if (terms.length + facts.length > 1) return yield* rarest(terms, facts, order === 'newest-first');
  const [term] = terms;
  if (term !== undefined) return { ...BY_TERM, term };
  return yield* planByPeriod(filter, now, facts);
}

/** These find one certificate, or the few of a key. */
const isUnique = ({ serial, sha256, keyId }: CertificateFilter): boolean =>
  (serial ?? sha256 ?? keyId) !== undefined;

const factsOf = (filter: CertificateFilter): [Fact, string][] =>
  Object.entries(FACTS).flatMap(([column, member]) => {
    const value = filter[member];
    return value === undefined ? [] : [[column as Fact, value] as [Fact, string]];
  });

/** The candidate whose first rows are spread over the longest time. */
function* rarest(
  terms: readonly string[],
  facts: readonly [Fact, string][],
  newestFirst: boolean,
): Transaction<Plan> {
  const start = yield* startOf(newestFirst);
  const candidates: Candidate[] = [];
  for (const term of terms) {
    const rows = { from: 'certificate_terms WHERE term = $1', values: [term], newestFirst };
    candidates.push({ plan: { ...BY_TERM, term }, spread: (yield* spreadOf(rows, start)) * ROWS_OF_TERM });
  }
  for (const [fact, value] of facts) {
    const rows = { from: `certificates WHERE ${fact} = $1`, values: [value], newestFirst };
    candidates.push({ plan: { ...IN_ORDER, fact }, spread: yield* spreadOf(rows, start) });
  }
  return candidates.toSorted(byRarity)[0]?.plan ?? IN_ORDER;
}

const byRarity = (a: Candidate, b: Candidate): number => (a.spread === b.spread ? 0 : b.spread - a.spread);

/** If few certificates expire in the period, a walk along all others would be slow. */
function* planByPeriod(
  filter: CertificateFilter,
  now: Date,
  facts: readonly [Fact, string][],
): Transaction<Plan> {
  const { from, to } = expiryOf(filter, now);
  if (facts.length > 0 || (from === undefined && to === undefined)) return IN_ORDER;
  const conditions = new Conditions();
  conditions.addGiven('not_after >= $', from);
  conditions.addGiven('not_after < $', to);
  const rows = yield* countUpTo(`certificates ${conditions.where}`, conditions.values, FEW);
  return rows < FEW ? BY_EXPIRY : IN_ORDER;
}

/** The longest term first: it is rare more often than a short one. */
export const termsOf = ({ name, subject }: CertificateFilter): string[] =>
  [
    ...(name === undefined ? [] : [nameTerm(name)]),
    ...(subject === undefined ? [] : subjectTerms(subject)),
  ].toSorted((a, b) => b.length - a.length);
