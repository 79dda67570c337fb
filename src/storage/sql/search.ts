/** Search in pages. Most pages read about as many rows as they return (`search-plan.ts`). */

import type {
  Certificate,
  CertificateFilter,
  CertificateQuery,
  CertificateSummary,
} from '../port/certificates.ts';
import { bySerial, certificateOf, summaryOf } from './certificates.ts';
import { Conditions } from './conditions.ts';
import { subjectTerms } from './terms.ts';
import { expiryOf, FACTS, planFor, termsOf, type Plan } from './search-plan.ts';
import { run, type Row, type Transaction } from './transaction.ts';

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
  addFacts(conditions, filter, plan);
  addValidity(conditions, query, plan);
  addPlace(conditions, query, plan);
  const direction = order === 'newest-first' ? 'DESC' : 'ASC';
  return yield* run(
    `SELECT ${columns} FROM ${plan.from} ${join} ${conditions.where}
     ORDER BY ${plan.sorted} ${direction}, ${plan.id} ${direction} LIMIT ${conditions.parameter(limit)}`,
    ...conditions.values,
  );
}

function addTerms(conditions: Conditions, terms: readonly string[], { term, issuedAt, id }: Plan): void {
  if (term !== undefined) {
    conditions.addText('c.id = t.certificate_id');
    conditions.add('t.term = $', term);
  }
  const others = terms.filter((other) => other !== term);
  for (const other of others)
    conditions.add(
      // A subquery with one value: PostgreSQL would join the rows of EXISTS first, however many they are.
      `(SELECT 1 FROM certificate_terms o WHERE o.term = $
        AND o.issued_at = ${issuedAt} AND o.certificate_id = ${id}) = 1`,
      other,
    );
}

function addFacts(conditions: Conditions, filter: CertificateFilter, { fact, term }: Plan): void {
  conditions.addGiven(bySerial('$'), filter.serial);
  conditions.addGiven('c.sha256 = $', filter.sha256);
  conditions.addGiven('c.key_id = $', filter.keyId);
  for (const [column, member] of Object.entries(FACTS)) {
    const mayBeFound = fact === column || (fact === undefined && term === undefined);
    if (mayBeFound) conditions.addGiven(`c.${column} = $`, filter[member]);
    else addCheck(conditions, { column, value: filter[member], isInIndex: fact === 'principal' });
  }
}

interface Check {
  readonly column: string;
  readonly value: string | undefined;
  /** Whether the index that finds the rows has the column, behind its order. */
  readonly isInIndex: boolean;
}

/** A condition that is checked for each row, and does not make the database choose the index of this column. */
function addCheck(conditions: Conditions, { column, value, isInIndex }: Check): void {
  // An index has the column, not the expression.
  if (!isInIndex) return conditions.addGiven(`c.${column} || '' = $`, value);
  if (value === undefined) return;
  // No index of this column has its ranges in the order of the search. PostgreSQL checks an expression in the table only.
  const parameter = conditions.parameter(value);
  conditions.addText(`c.${column} BETWEEN ${parameter} AND ${parameter}`);
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
