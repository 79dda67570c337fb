/**
 * How a search finds its rows. An index has the rows of each term, principal, authority and profile in the order of
 * `issuedAt`. A search walks along one of them and checks the rest of each row, so the one with the fewest rows is best.
 */

import type { CertificateFilter, CertificateQuery } from '../port/certificates.ts';
import { integer } from './columns.ts';
import { Conditions } from './conditions.ts';
import { nameTerm, subjectTerms } from './terms.ts';
import { first, type SqlValue, type Transaction } from './transaction.ts';

/** Where the rows are found, and in which columns their order is. */
export interface Plan {
  readonly from: string;
  /** The column of the order, before `id`. */
  readonly sorted: string;
  readonly issuedAt: string;
  readonly id: string;
  readonly notAfter: string;
  /** The term whose rows are walked; undefined if the certificates are. */
  readonly term?: string;
  /** The only fact that an index may find; undefined for any. */
  readonly fact?: Fact | 'none';
}

/** Facts that many certificates share, by their columns. */
export const FACTS = { authority_id: 'authorityId', profile: 'profile', principal: 'principal' } as const;
export type Fact = keyof typeof FACTS;

/** Walks along the rows of a term. CROSS JOIN makes SQLite begin with the terms. */
const BY_TERM: Plan = {
  from: 'certificate_terms t CROSS JOIN certificates c',
  sorted: 't.issued_at',
  issuedAt: 't.issued_at',
  id: 't.certificate_id',
  notAfter: '+c.not_after',
};

/** Walks along the certificates in their order. A column after `+` cannot be found by an index. */
const IN_ORDER: Plan = {
  from: 'certificates c',
  sorted: 'c.issued_at',
  issuedAt: 'c.issued_at',
  id: 'c.id',
  notAfter: '+c.not_after',
};

/** Reads the few certificates that expire in the period, and sorts them. */
const BY_EXPIRY: Plan = {
  ...IN_ORDER,
  sorted: '+c.issued_at',
  issuedAt: '+c.issued_at',
  notAfter: 'c.not_after',
};

/** Walks along the certificates in the order of their expiry. */
const IN_ORDER_OF_EXPIRY: Plan = { ...BY_EXPIRY, sorted: 'c.not_after' };

/** Reads the few certificates of a fact or of a term, and sorts them by their expiry. */
const SORTED_BY_EXPIRY: Plan = { ...IN_ORDER, sorted: '+c.not_after', issuedAt: '+c.issued_at' };
const OF_TERM_BY_EXPIRY: Plan = { ...BY_TERM, sorted: '+c.not_after' };

/** The row of a candidate whose time shows how rare it is. */
const PROBE = 100;

/** The most rows that are sorted. */
const FEW = 2000;

/** The same for a term: a walk that looks up the term of each certificate can take seconds. */
const FEW_OF_TERM = 20_000;

interface Candidate {
  readonly plan: Plan;
  /** The greater, the rarer are its first rows; Infinity if it has few. */
  readonly spread: number;
}

/** The certificates with these terms are searched. */
export function* planFor(query: CertificateQuery, terms: readonly string[]): Transaction<Plan> {
  const { filter, order, now } = query;
  if (isUnique(filter)) return order === 'expiring-first' ? IN_ORDER_OF_EXPIRY : IN_ORDER;
  const facts = factsOf(filter);
  if (order === 'expiring-first') return yield* planByExpiry(terms, facts);
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
  const candidates: Candidate[] = [];
  for (const term of terms)
    candidates.push({
      plan: { ...BY_TERM, term },
      spread: yield* spreadOf('certificate_terms', 'term', term, newestFirst),
    });
  for (const [fact, value] of facts)
    candidates.push({
      plan: { ...IN_ORDER, fact },
      spread: yield* spreadOf('certificates', fact, value, newestFirst),
    });
  return candidates.toSorted(byRarity)[0]?.plan ?? IN_ORDER;
}

const byRarity = (a: Candidate, b: Candidate): number => (a.spread === b.spread ? 0 : b.spread - a.spread);

function* spreadOf(table: string, column: string, value: string, newestFirst: boolean): Transaction<number> {
  const row = yield* first(
    `SELECT issued_at FROM ${table} WHERE ${column} = $1
     ORDER BY issued_at ${newestFirst ? 'DESC' : 'ASC'} LIMIT 1 OFFSET ${PROBE}`,
    value,
  );
  if (row === undefined) return Infinity;
  return newestFirst ? -integer(row, 'issued_at') : integer(row, 'issued_at');
}

function* planByExpiry(terms: readonly string[], facts: readonly [Fact, string][]): Transaction<Plan> {
  for (const term of terms)
    if ((yield* countUpTo('certificate_terms WHERE term = $1', [term], FEW_OF_TERM)) < FEW_OF_TERM)
      return { ...OF_TERM_BY_EXPIRY, term };
  // The certificates of a principal have an index in this order.
  if (facts.some(([fact]) => fact === 'principal')) return { ...IN_ORDER_OF_EXPIRY, fact: 'principal' };
  for (const [fact, value] of facts)
    if ((yield* countUpTo(`certificates WHERE ${fact} = $1`, [value], FEW)) < FEW)
      return { ...SORTED_BY_EXPIRY, fact };
  return { ...IN_ORDER_OF_EXPIRY, fact: 'none' };
}

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

function* countUpTo(from: string, values: readonly SqlValue[], most: number): Transaction<number> {
  const row = yield* first(
    `SELECT count(*) AS number FROM (SELECT 1 FROM ${from} LIMIT ${most}) AS few`,
    ...values,
  );
  return row === undefined ? 0 : integer(row, 'number');
}

/** The period in which `notAfter` must be, as milliseconds. */
export function expiryOf(
  { expiring, status }: CertificateFilter,
  now: Date,
): { readonly from?: number; readonly to?: number } {
  const from = [expiring?.from, status === 'valid' ? now : undefined].flatMap(timeOf);
  const to = [expiring?.to, status === 'expired' ? now : undefined].flatMap(timeOf);
  return {
    ...(from.length > 0 && { from: Math.max(...from) }),
    ...(to.length > 0 && { to: Math.min(...to) }),
  };
}

const timeOf = (date: Date | undefined): number[] => (date === undefined ? [] : [date.getTime()]);

/** The longest term first: it is rare more often than a short one. */
export const termsOf = ({ name, subject }: CertificateFilter): string[] =>
  [
    ...(name === undefined ? [] : [nameTerm(name)]),
    ...(subject === undefined ? [] : subjectTerms(subject)),
  ].toSorted((a, b) => b.length - a.length);
