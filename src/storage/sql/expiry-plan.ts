/** How a search finds its rows in the order of their expiry. Only certificates and those of a principal have an index of it. */

import type { CertificateQuery } from '../port/certificates.ts';
import { integer, text } from './columns.ts';
import { Conditions } from './conditions.ts';
import { countUpTo, estimateFrom, PROBE, timeOf } from './estimates.ts';
import { expiryOf } from './expiry.ts';
import {
  IN_ORDER_OF_EXPIRY,
  OF_TERM_BY_EXPIRY,
  SORTED_BY_EXPIRY,
  type Fact,
  type PlaceOfExpiry,
  type Plan,
} from './plans.ts';
import { first, type Transaction } from './transaction.ts';

/** The most certificates that are sorted. */
const FEW = 2000;

/** The most rows of a term that are sorted. */
const FEW_OF_TERM = 40_000;

/** Certificates that are read for each one of a page, before all of the term are. */
const FIRST = 4;

/** Certificates whose terms are looked up, before all rows of the term are sorted. */
const LONGEST_WALK = 2000;

type Facts = readonly [Fact, string][];

export function* planByExpiry(
  query: CertificateQuery,
  terms: readonly string[],
  facts: Facts,
): Transaction<Plan> {
  if (terms.length > 0) return yield* planOfTerms(query, terms);
  // The certificates of a principal have an index in this order.
  if (query.filter.principal !== undefined) return { ...IN_ORDER_OF_EXPIRY, fact: 'principal' };
  for (const [fact, value] of facts)
    if ((yield* countUpTo(`certificates WHERE ${fact} = $1`, [value], FEW)) < FEW)
      return { ...SORTED_BY_EXPIRY, fact };
  return { ...IN_ORDER_OF_EXPIRY, fact: 'none' };
}

function* planOfTerms(query: CertificateQuery, terms: readonly string[]): Transaction<Plan> {
  const { term, time } = yield* rarestOf(terms);
  const all: Plan = { ...OF_TERM_BY_EXPIRY, term };
  const rows = yield* estimateFrom(time);
  if (rows <= PROBE) return all;
  if (rows <= FEW_OF_TERM) return { ...all, most: query.limit * FIRST, otherwise: all };
  const fact = query.filter.principal === undefined ? 'none' : 'principal';
  const walk: Plan = { ...IN_ORDER_OF_EXPIRY, fact };
  const end = yield* endOfWalk(query);
  return end === undefined ? walk : { ...walk, end, otherwise: all };
}

interface RarestTerm {
  readonly term: string;
  /** When the first of its newest certificates was issued; undefined if it has few. */
  readonly time: number | undefined;
}

function* rarestOf(terms: readonly string[]): Transaction<RarestTerm> {
  let rarest: RarestTerm | undefined;
  for (const term of terms) {
    const rows = { from: 'certificate_terms WHERE term = $1', values: [term], newestFirst: true };
    const time = yield* timeOf(rows);
    if (time === undefined) return { term, time };
    if (rarest?.time === undefined || time < rarest.time) rarest = { term, time };
  }
  return rarest ?? { term: '', time: undefined };
}

/** The last certificate of the longest walk; undefined if there are fewer. */
function* endOfWalk({ filter, now, after }: CertificateQuery): Transaction<PlaceOfExpiry | undefined> {
  const conditions = new Conditions();
  const { from, to } = expiryOf(filter, now);
  conditions.addGiven('principal = $', filter.principal);
  conditions.addGiven('not_after >= $', from);
  conditions.addGiven('not_after < $', to);
  if (after?.notAfter !== undefined)
    conditions.addPlace('not_after, id', '>', [after.notAfter.getTime(), after.id]);
  const row = yield* first(
    `SELECT not_after, id FROM certificates ${conditions.where}
     ORDER BY not_after, id LIMIT 1 OFFSET ${LONGEST_WALK}`,
    ...conditions.values,
  );
  return row && { notAfter: integer(row, 'not_after'), id: text(row, 'id') };
}
