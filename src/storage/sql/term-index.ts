/**
 * The rows of the terms of certificates. They can be written with their certificate, or later for many certificates at
 * once: rows of equal terms are then next to each other, and few pages change.
 */

import type { CertificateSummary } from '../port/certificates.ts';
import { namesOf } from './certificates.ts';
import { integer, moment, text } from './columns.ts';
import { termsOf } from './terms.ts';
import { first, inserter, run, type Columns, type Row, type Transaction } from './transaction.ts';

type Indexed = Pick<CertificateSummary, 'id' | 'issuedAt' | 'subject' | 'names'>;

const intoTerms = inserter('certificate_terms');

/** Rows of one statement. The limit keeps the number of different statements low. */
const ROWS = 50;

export const insertTerms = (certificate: Indexed): Transaction<void> => insertRows(rowsOf(certificate));

function* insertRows(rows: readonly Columns[]): Transaction<void> {
  for (let start = 0; start < rows.length; start += ROWS) yield intoTerms(rows.slice(start, start + ROWS));
}

const rowsOf = (certificate: Indexed) =>
  [...termsOf(certificate)].map((term) => ({
    term,
    issued_at: certificate.issuedAt.getTime(),
    certificate_id: certificate.id,
  }));

/** The most certificates of one transaction, which takes some milliseconds. */
const LIMIT = 256;

/** Writes the terms of the certificates after the mark, the oldest first. For SQLite, whose rows have numbers. */
export function* indexTerms(): Transaction<void> {
  const rows = yield* run(
    `SELECT c.rowid AS place, c.id, c.issued_at, c.subject, c.names FROM certificates c
     WHERE c.rowid > (SELECT place FROM term_mark) ORDER BY c.rowid LIMIT ${LIMIT}`,
  );
  const last = rows.at(-1);
  if (last === undefined) return;
  yield* insertRows(rows.flatMap((row) => rowsOf(indexedOf(row))).toSorted(byTerm));
  yield* run('UPDATE term_mark SET place = $1', integer(last, 'place'));
}

const byTerm = (a: { readonly term: string }, b: { readonly term: string }): number =>
  a.term < b.term ? -1 : a.term > b.term ? 1 : 0;

const indexedOf = (row: Row): Indexed => ({
  id: text(row, 'id'),
  issuedAt: moment(row, 'issued_at'),
  subject: text(row, 'subject'),
  names: namesOf(row),
});

/** Whether a certificate has no terms yet. */
export function* hasUnindexed(): Transaction<boolean> {
  const row = yield* first(
    'SELECT coalesce((SELECT max(rowid) FROM certificates), 0) > place AS behind FROM term_mark',
  );
  return row?.behind === 1;
}
