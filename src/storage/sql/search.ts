/**
 * Search in the order of `issuedAt`, then `id`. Most pages read about as many rows as they return: an index has the
 * rows of a name, an authority, a profile, a principal or a key in this order. What expires first has an index too.
 */

import type {
  Certificate,
  CertificateFilter,
  CertificateQuery,
  CertificateSummary,
} from '../port/certificates.ts';
import { bySerial, certificateOf, summaryOf } from './certificates.ts';
import { integer } from './columns.ts';
import { Conditions } from './conditions.ts';
import { nameTerm, subjectTerms } from './terms.ts';
import { first, run, type Row, type Transaction } from './transaction.ts';

export function* searchCertificates(query: CertificateQuery): Transaction<readonly CertificateSummary[]> {
  return (yield* search(query, 'c.*', '')).map(summaryOf);
}

export function* readWholeCertificates(query: CertificateQuery): Transaction<readonly Certificate[]> {
  return (yield* search(query, 'c.*, b.der', BODIES)).map(certificateOf);
}

const BODIES = 'JOIN certificate_bodies b ON b.certificate_id = c.id';

function* search(query: CertificateQuery, columns: string, join: string): Transaction<readonly Row[]> {
  const { filter, order, limit } = query;
  const terms = termsOf(filter);
  // Words without a letter or a digit match nothing.
  if (filter.subject !== undefined && terms.length === 0) return [];
  const conditions = new Conditions();
  const plan = yield* planFor(query, terms);
  addTerms(conditions, terms, plan);
  addFacts(conditions, filter);
  addValidity(conditions, query, plan);
  addPlace(conditions, query, plan);
  const direction = order === 'newest-first' ? 'DESC' : 'ASC';
  return yield* run(
    `SELECT ${columns} FROM ${plan.from} ${join} ${conditions.where}
     ORDER BY ${plan.sorted} ${direction}, ${plan.id} ${direction} LIMIT ${conditions.parameter(limit)}`,
    ...conditions.values,
  );
}

/** Where the rows are found, and in which columns their order is. A column after `+` cannot be found by an index. */
interface Plan {
  readonly from: string;
  /** The column of the order, before `id`. */
  readonly sorted: string;
  readonly issuedAt: string;
  readonly id: string;
  readonly notAfter: string;
}

/** Walks along the rows of a term. CROSS JOIN makes SQLite begin with the terms. */
const BY_TERM: Plan = {
  from: 'certificate_terms t CROSS JOIN certificates c',
  sorted: 't.issued_at',
  issuedAt: 't.issued_at',
  id: 't.certificate_id',
  notAfter: '+c.not_after',
};

/** Walks along the certificates in their order, and skips those that do not match. */
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

/** The most rows that are sorted. */
const FEW = 2000;

/** If few certificates expire in the period, a walk along all others would be slow. */
function* planFor({ filter, now, order }: CertificateQuery, terms: readonly string[]): Transaction<Plan> {
  if (order === 'expiring-first') return IN_ORDER_OF_EXPIRY;
  if (terms.length > 0) return BY_TERM;
  const { from, to } = expiryOf(filter, now);
  if (from === undefined && to === undefined) return IN_ORDER;
  const conditions = new Conditions();
  conditions.addGiven('not_after >= $', from);
  conditions.addGiven('not_after < $', to);
  const row = yield* first(
    `SELECT count(*) AS number FROM (SELECT 1 FROM certificates ${conditions.where} LIMIT ${FEW}) AS few`,
    ...conditions.values,
  );
  return row !== undefined && integer(row, 'number') < FEW ? BY_EXPIRY : IN_ORDER;
}

/** The period in which `notAfter` must be, as milliseconds. */
function expiryOf({ expiring, status }: CertificateFilter, now: Date): { from?: number; to?: number } {
  const from = [expiring?.from, status === 'valid' ? now : undefined].flatMap(timeOf);
  const to = [expiring?.to, status === 'expired' ? now : undefined].flatMap(timeOf);
  return {
    ...(from.length > 0 && { from: Math.max(...from) }),
    ...(to.length > 0 && { to: Math.min(...to) }),
  };
}

const timeOf = (date: Date | undefined): number[] => (date === undefined ? [] : [date.getTime()]);

/** The longest term first: it is rare more often than a short one. */
const termsOf = ({ name, subject }: CertificateFilter): string[] =>
  [
    ...(name === undefined ? [] : [nameTerm(name)]),
    ...(subject === undefined ? [] : subjectTerms(subject)),
  ].toSorted((a, b) => b.length - a.length);

function addTerms(conditions: Conditions, terms: readonly string[], plan: Plan): void {
  const [term, ...others] = terms;
  if (term === undefined) return;
  const isWalked = plan === BY_TERM;
  if (isWalked) {
    conditions.addText('c.id = t.certificate_id');
    conditions.add('t.term = $', term);
  }
  for (const other of isWalked ? others : terms) conditions.add(alsoIn(plan), other);
}

const alsoIn = ({ issuedAt, id }: Plan): string => `EXISTS (SELECT 1 FROM certificate_terms o WHERE o.term = $
  AND o.issued_at = ${issuedAt} AND o.certificate_id = ${id})`;

function addFacts(conditions: Conditions, filter: CertificateFilter): void {
  conditions.addGiven(bySerial('$'), filter.serial);
  conditions.addGiven('c.sha256 = $', filter.sha256);
  conditions.addGiven('c.key_id = $', filter.keyId);
  conditions.addGiven('c.authority_id = $', filter.authorityId);
  conditions.addGiven('c.profile = $', filter.profile);
  conditions.addGiven('c.principal = $', filter.principal);
}

function addValidity(conditions: Conditions, { filter, now }: CertificateQuery, { notAfter }: Plan): void {
  const { from, to } = expiryOf(filter, now);
  conditions.addGiven(`${notAfter} >= $`, from);
  conditions.addGiven(`${notAfter} < $`, to);
  if (filter.status === 'revoked') conditions.addText('c.revoked_at IS NOT NULL');
  if (filter.status !== 'valid') return;
  conditions.addText('c.revoked_at IS NULL');
  conditions.add('c.not_before <= $', now.getTime());
}

function addPlace(conditions: Conditions, { filter, after, order }: CertificateQuery, plan: Plan): void {
  const { issuedAt, id, sorted } = plan;
  conditions.addGiven(`${issuedAt} >= $`, filter.issued?.from?.getTime());
  conditions.addGiven(`${issuedAt} < $`, filter.issued?.to?.getTime());
  if (after === undefined) return;
  const comparison = order === 'newest-first' ? '<' : '>';
  const time = order === 'expiring-first' ? after.notAfter : after.issuedAt;
  if (time === undefined) throw new TypeError('A place in the order of expiry has no time of expiry');
  const place = [time.getTime(), after.id].map((value) => conditions.parameter(value)).join(', ');
  conditions.addText(`(${sorted}, ${id}) ${comparison} (${place})`);
}
