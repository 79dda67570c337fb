/** Search in pages. Most pages read about as many rows as they return (`search-plan.ts`). */

import type {
  Certificate,
  CertificateFilter,
  CertificateQuery,
  CertificateSummary,
} from '../port/certificates.ts';
import { bySerial, certificateOf, summaryOf } from './certificates.ts';
import { Conditions } from './conditions.ts';
import { partialMark } from './fact-marks.ts';
import { subjectTerms } from './terms.ts';
import { expiryOf } from './expiry.ts';
import { ALL, FACTS, type Plan } from './plans.ts';
import { planFor, termsOf } from './search-plan.ts';
import type { Row, Statement, Transaction } from './transaction.ts';

export function* searchCertificates(query: CertificateQuery): Transaction<readonly CertificateSummary[]> {
  return (yield* search(query, 'c.*', '')).map(summaryOf);
}

export function* readWholeCertificates(query: CertificateQuery): Transaction<readonly Certificate[]> {
  return (yield* search(query, 'c.*, b.der', BODIES)).map(certificateOf);
}

const BODIES = 'JOIN certificate_bodies b ON b.certificate_id = c.id';

function* search(query: CertificateQuery, columns: string, join: string): Transaction<readonly Row[]> {
  const { filter, limit } = query;
  const terms = termsOf(filter);
  // Words without a letter or a digit match nothing.
  if (filter.subject !== undefined && subjectTerms(filter.subject).length === 0) return [];
  const plan = yield* planFor(query, terms);
  const search = { query, terms, columns, join };
  const page = yield statementOf({ ...search, plan });
  if (plan.otherwise === undefined || page.length === limit) return page;
  return yield statementOf({ ...search, plan: plan.otherwise });
}

interface Search {
  readonly query: CertificateQuery;
  readonly terms: readonly string[];
  readonly plan: Plan;
  readonly columns: string;
  readonly join: string;
}

function statementOf({ query, terms, plan, columns, join }: Search): Statement {
  const conditions = new Conditions();
  const from =
    plan.most === undefined ? plan.from : firstOfTerm(conditions, { query, terms, plan }, plan.most);
  if (plan.term !== undefined) addTerm(conditions, query, plan);
  if (plan.most !== ALL) addOtherTerms(conditions, terms, plan);
  addFacts(conditions, query.filter, plan);
  addValidity(conditions, query, plan);
  addPlace(conditions, query, plan);
  const direction = query.order === 'newest-first' ? 'DESC' : 'ASC';
  const sql = `SELECT ${columns} FROM ${from} ${join} ${conditions.where}
     ORDER BY ${plan.sorted} ${direction}, ${plan.id} ${direction} LIMIT ${conditions.parameter(query.limit)}`;
  return { sql, values: conditions.values };
}

/** The time of expiry of a row of a term. A row of an older version of the service has none. */
const EXPIRY =
  'coalesce(t.not_after, (SELECT e.not_after FROM certificates e WHERE e.id = t.certificate_id))';

/** The first rows of a term in the order of expiry. To read them is fast, because no certificate is read. */
function firstOfTerm(
  outer: Conditions,
  { query, terms, plan }: Pick<Search, 'query' | 'terms' | 'plan'>,
  most: number,
): string {
  const conditions = new Conditions(outer);
  addTermRow(conditions, query, plan);
  addPlace(conditions, query, { ...plan, sorted: EXPIRY });
  if (most === ALL) addOtherTerms(conditions, terms, plan);
  const rows = `SELECT t.certificate_id, t.issued_at, ${EXPIRY} AS not_after FROM certificate_terms t`;
  const limit = outer.parameter(most);
  return `(${rows} ${conditions.where} ORDER BY 3, 1 LIMIT ${limit}) t CROSS JOIN certificates c`;
}

function addTerm(conditions: Conditions, query: CertificateQuery, plan: Plan): void {
  conditions.addText('c.id = t.certificate_id');
  if (plan.most === undefined) addTermRow(conditions, query, plan);
}

/** What a row of a term shows without its certificate. */
function addTermRow(conditions: Conditions, { filter, now }: CertificateQuery, { term }: Plan): void {
  conditions.addGiven('t.term = $', term);
  const { from, to } = expiryOf(filter, now);
  conditions.addGiven(`${EXPIRY} >= $`, from);
  conditions.addGiven(`${EXPIRY} < $`, to);
  const { mask, value } = partialMark(filter);
  if (mask === 0) return;
  const [masked, expected] = [mask, value].map((number) => conditions.parameter(number));
  conditions.addText(`(t.facts IS NULL OR (t.facts & ${masked}) = ${expected})`);
}

function addOtherTerms(conditions: Conditions, terms: readonly string[], { term, issuedAt, id }: Plan): void {
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
  const { issuedAt, id, sorted, end } = plan;
  conditions.addGiven(`${issuedAt} >= $`, filter.issued?.from?.getTime());
  conditions.addGiven(`${issuedAt} < $`, filter.issued?.to?.getTime());
  const place = `${sorted}, ${id}`;
  if (end !== undefined) conditions.addPlace(place, '<=', [end.notAfter, end.id]);
  if (after === undefined) return;
  const time = order === 'expiring-first' ? after.notAfter : after.issuedAt;
  if (time === undefined) throw new TypeError('A place in the order of expiry has no time of expiry');
  conditions.addPlace(place, order === 'newest-first' ? '<' : '>', [time.getTime(), after.id]);
}
