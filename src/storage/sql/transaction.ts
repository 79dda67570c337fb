/**
 * A transaction as a generator: it yields statements and receives their rows. So one text serves a database that runs
 * statements at once (SQLite) and one that runs them over a network (PostgreSQL). Parameters are `$1`, `$2` and so on.
 */

import type { AuditEvent } from '../port/audit.ts';

export type SqlValue = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, SqlValue>>;

export interface Statement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** An event for the audit chain. The events of all transactions of a commit are appended together at its end. */
export interface AuditStep {
  readonly audit: AuditEvent;
}

export type Step = Statement | AuditStep;

export type Transaction<Result> = Generator<Step, Result, readonly Row[]>;

/** Runs a statement inside a transaction. */
export function* run(sql: string, ...values: readonly SqlValue[]): Transaction<readonly Row[]> {
  return yield { sql, values };
}

/** As {@link run}, for the first row. */
export function* first(sql: string, ...values: readonly SqlValue[]): Transaction<Row | undefined> {
  return (yield { sql, values })[0];
}

export function* audit(event: AuditEvent): Transaction<void> {
  yield { audit: event };
}

/** Values by name of column. */
export type Columns = Readonly<Record<string, SqlValue>>;

/** The text after the values, such as `ON CONFLICT DO NOTHING RETURNING id`. */
export function* insert(table: string, columns: Columns, suffix = ''): Transaction<readonly Row[]> {
  return yield inserter(table, suffix)([columns]);
}

/** Returns a function that inserts rows, which always have the same columns. The text for each number of rows is made once. */
export function inserter(table: string, suffix = ''): (rows: readonly Columns[]) => Statement {
  const texts = new Map<number, string>();
  return (rows) => {
    const names = Object.keys(rows[0] ?? {});
    const sql = texts.get(rows.length) ?? insertText(table, names, rows.length, suffix);
    texts.set(rows.length, sql);
    return { sql, values: rows.flatMap((row) => names.map((name) => row[name] ?? null)) };
  };
}

function insertText(table: string, names: readonly string[], rows: number, suffix: string): string {
  const groups = Array.from(
    { length: rows },
    (_, row) => `(${placeholders(names.length, row * names.length)})`,
  );
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES ${groups.join(', ')} ${suffix}`;
}

/** `$1, $2` for two values; `after` are in use already. */
export const placeholders = (count: number, after = 0): string =>
  Array.from({ length: count }, (_, index) => `$${after + index + 1}`).join(', ');
