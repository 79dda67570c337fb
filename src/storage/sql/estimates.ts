/** How many rows there are, without counting all of them. */

import { integer } from './columns.ts';
import { first, type SqlValue, type Transaction } from './transaction.ts';

/** The row whose time shows how rare the rows are. */
export const PROBE = 100;

/** Rows in the order of `issued_at`, from one of its ends on. */
export interface Rows {
  /** A table, with conditions for the values. */
  readonly from: string;
  readonly values?: readonly SqlValue[];
  readonly newestFirst: boolean;
}

/** The time of issuance of the {@link PROBE}th row; undefined if there are fewer. */
export const timeOf = (rows: Rows): Transaction<number | undefined> => timeAt(rows, PROBE);

/**
 * The time over which the first rows are spread, in milliseconds: the longer, the rarer they are. Infinity if there are
 * few. `start` is the time of the first certificate of all.
 */
export function* spreadOf(rows: Rows, start: number | undefined): Transaction<number> {
  return spreadTo(yield* timeOf(rows), start);
}

const spreadTo = (time: number | undefined, start: number | undefined): number =>
  time === undefined || start === undefined ? Infinity : Math.abs(time - start);

/** The number of rows if they are everywhere as frequent as among the newest certificates. `time` is that of {@link timeOf}. */
export function* estimateFrom(time: number | undefined): Transaction<number> {
  if (time === undefined) return PROBE;
  const [newest, oldest] = [yield* startOf(true), yield* startOf(false)];
  const spread = spreadTo(time, newest);
  return spread === 0 ? Infinity : (PROBE * spreadTo(oldest, newest)) / spread;
}

/** The time of issuance of the first certificate. */
export const startOf = (newestFirst: boolean): Transaction<number | undefined> =>
  timeAt({ from: 'certificates', newestFirst }, 0);

function* timeAt({ from, values = [], newestFirst }: Rows, offset: number): Transaction<number | undefined> {
  const row = yield* first(
    `SELECT issued_at FROM ${from} ORDER BY issued_at ${newestFirst ? 'DESC' : 'ASC'} LIMIT 1 OFFSET ${offset}`,
    ...values,
  );
  return row && integer(row, 'issued_at');
}

export function* countUpTo(from: string, values: readonly SqlValue[], most: number): Transaction<number> {
  const row = yield* first(
    `SELECT count(*) AS number FROM (SELECT 1 FROM ${from} LIMIT ${most}) AS few`,
    ...values,
  );
  return row === undefined ? 0 : integer(row, 'number');
}
