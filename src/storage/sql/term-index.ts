/**
 * The rows of the terms of certificates. They can be written with their certificate, or later for many certificates at
 * once: rows of equal terms are then next to each other, and few pages change.
 */

import type { CertificateSummary } from '../port/certificates.ts';
import { namesOf } from './certificates.ts';
import { integer, moment, text } from './columns.ts';
import { markOf, type Facts } from './fact-marks.ts';
import { termsOf } from './terms.ts';
import { first, inserter, run, type Columns, type Row, type Transaction } from './transaction.ts';

type Indexed = Pick<CertificateSummary, 'id' | 'issuedAt' | 'notAfter' | 'subject' | 'names'> & Facts;

/** A process of an older version writes the terms together with its certificates. */
const intoTerms = inserter('certificate_terms', 'ON CONFLICT DO NOTHING');

/** Rows of one statement. The limit keeps the number of different statements low. */
const ROWS = 50;

export const insertTerms = (certificate: Indexed): Transaction<void> => insertRows(rowsOf(certificate));

function* insertRows(rows: readonly Columns[]): Transaction<void> {
  for (let start = 0; start < rows.length; start += ROWS) yield intoTerms(rows.slice(start, start + ROWS));
}

type Term = ReturnType<typeof rowsOf>[number];

function rowsOf(certificate: Indexed) {
  const facts = markOf(certificate);
  return [...termsOf(certificate)].map((term) => ({
    term,
    issued_at: certificate.issuedAt.getTime(),
    certificate_id: certificate.id,
    not_after: certificate.notAfter.getTime(),
    facts,
  }));
}

/** The most certificates of one transaction, which takes some milliseconds. */
const LIMIT = 256;

/** The most rows of one transaction, except for those of its last certificate. A certificate can have thousands. */
const MOST_ROWS = 5000;

/**
 * Writes the terms of the certificates after the mark, the oldest first, and returns the new mark: all certificates up to
 * this row have their terms. For SQLite, whose rows have numbers.
 */
export function* indexTerms(): Transaction<number> {
  const mark = yield* termMark();
  const rows = yield* run(
    `SELECT c.rowid AS place, c.id, c.issued_at, c.not_after, c.subject, c.names, c.authority_id, c.profile, c.principal
     FROM certificates c WHERE c.rowid > $1 ORDER BY c.rowid LIMIT ${LIMIT}`,
    mark,
  );
  const { terms, place } = firstTerms(rows);
  if (place === undefined) return mark;
  yield* insertRows(terms.toSorted(byTerm));
  yield* run('UPDATE term_mark SET place = $1', place);
  return place;
}

/** Of the first certificates, until there are enough for one transaction. `place` is the row of the last one. */
function firstTerms(rows: readonly Row[]) {
  const terms: Term[] = [];
  let place: number | undefined;
  for (const row of rows) {
    if (terms.length >= MOST_ROWS) break;
    terms.push(...rowsOf(indexedOf(row)));
    place = integer(row, 'place');
  }
  return { terms, place };
}

const byTerm = (a: Term, b: Term): number => (a.term < b.term ? -1 : a.term > b.term ? 1 : 0);

const indexedOf = (row: Row): Indexed => ({
  id: text(row, 'id'),
  issuedAt: moment(row, 'issued_at'),
  notAfter: moment(row, 'not_after'),
  authorityId: text(row, 'authority_id'),
  profile: text(row, 'profile'),
  principal: text(row, 'principal'),
  subject: text(row, 'subject'),
  names: namesOf(row),
});

function* termMark(): Transaction<number> {
  const row = yield* first('SELECT place FROM term_mark');
  return row === undefined ? 0 : integer(row, 'place');
}

export interface TermPlaces {
  /** The row of the newest certificate; 0 without one. */
  readonly newest: number;
  /** All certificates up to this row have their terms. */
  readonly mark: number;
}

export function* termPlaces(): Transaction<TermPlaces> {
  const row = yield* first('SELECT coalesce(max(rowid), 0) AS newest FROM certificates');
  return { newest: row === undefined ? 0 : integer(row, 'newest'), mark: yield* termMark() };
}
