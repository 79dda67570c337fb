/**
 * Search in the order of `issuedAt`, then `id`. Most pages read about as many rows as they return: an index has the
 * rows of a name, an authority, a profile, a principal or a key in this order.
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
  if (filter.subject !== undefined && subjectTerms(filter.subject).length === 0) return [];
  const conditions = new Conditions();
  const plan = yield* planFor(query, terms);
  addTerms(conditions, terms, plan);
  addFacts(conditions, filter);
  addValidity(conditions, query, plan);
  addPlace(conditions, query, plan);
  const direction = order === 'newest-first' ? 'DESC' : 'ASC';
  return yield* run(
    `SELECT ${columns} FROM ${plan.from} ${join} ${conditions.where}
     ORDER BY ${plan.issuedAt} ${direction}, ${plan.id} ${direction} LIMIT ${conditions.parameter(limit)}`,
    ...conditions.values,
  );
}

/** Where the rows are found, and in which columns their order is. A column after `+` cannot be found by an index. */
interface Plan {
  readonly from: string;
  readonly issuedAt: string;
  readonly id: string;
  readonly notAfter: string;
}

/** Walks along the rows of a term. CROSS JOIN makes SQLite begin with the terms. */
const BY_TERM: Plan = {
  from: 'certificate_terms t CROSS JOIN certificates c',
  issuedAt: 't.issued_at',
  id: 't.certificate_id',
  notAfter: '+c.not_after',
};

/** Walks along the certificates in their order, and skips those that do not match. */
const IN_ORDER: Plan = {
  from: 'certificates c',
  issuedAt: 'c.issued_at',
  id: 'c.id',
  notAfter: '+c.not_after',
};

/** Reads the few certificates that expire in the period, and sorts them. */
const BY_EXPIRY: Plan = { ...IN_ORDER, issuedAt: '+c.issued_at', notAfter: 'c.not_after' };

/** The most rows that are sorted, or of a term that is rare. */
const FEW = 2000;

function* planFor({ filter, now }: CertificateQuery, [term]: readonly string[]): Transaction<Plan> {
  const conditions = new Conditions();
  if (term !== undefined) {
    // The certificates of a principal are fewer than those of a common term, such as `*.example.com`.
    if (filter.principal === undefined) return BY_TERM;
    conditions.add('term = $', term);
    return (yield* areFew('certificate_terms', conditions)) ? BY_TERM : IN_ORDER;
  }
  const { from, to } = expiryOf(filter, now);
  if (from === undefined && to === undefined) return IN_ORDER;
  conditions.addGiven('not_after >= $', from);
  conditions.addGiven('not_after < $', to);
  // If few certificates expire in the period, a walk along all others would be slow.
  return (yield* areFew('certificates', conditions)) ? BY_EXPIRY : IN_ORDER;
}

function* areFew(table: string, { where, values }: Conditions): Transaction<boolean> {
  const sql = `SELECT count(*) AS number FROM (SELECT 1 FROM ${table} ${where} LIMIT ${FEW}) AS few`;
  const row = yield* first(sql, ...values);
  return row !== undefined && integer(row, 'number') < FEW;
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
  if (plan === BY_TERM && term !== undefined) {
    conditions.addText('c.id = t.certificate_id');
    conditions.add('t.term = $', term);
  }
  // A subquery with one value: PostgreSQL would join the rows of EXISTS first, however many they are.
  const also = `(SELECT 1 FROM certificate_terms o WHERE o.term = $
    AND o.issued_at = ${plan.issuedAt} AND o.certificate_id = ${plan.id}) = 1`;
  for (const other of plan === BY_TERM ? others : terms) conditions.add(also, other);
}

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
  const { issuedAt, id } = plan;
  conditions.addGiven(`${issuedAt} >= $`, filter.issued?.from?.getTime());
  conditions.addGiven(`${issuedAt} < $`, filter.issued?.to?.getTime());
  if (after === undefined) return;
  const comparison = order === 'newest-first' ? '<' : '>';
  const place = [after.issuedAt.getTime(), after.id].map((value) => conditions.parameter(value)).join(', ');
  conditions.addText(`(${issuedAt}, ${id}) ${comparison} (${place})`);
}
