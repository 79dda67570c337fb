/** Reads columns of rows. A value of another type is a bug or a damaged database. */

import type { JsonObject } from '../../base/canonical-json.ts';
import type { Row } from './transaction.ts';

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unexpected(column, value);
  return value;
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw unexpected(column, value);
  return value;
}

export function octets(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw unexpected(column, value);
  // A driver may return a Buffer, which not everything that compares octets treats as equal to a Uint8Array.
  return new Uint8Array(value.buffer, value.byteOffset, value.length);
}

export const flag = (row: Row, column: string): boolean => integer(row, column) === 1;

/** Times are milliseconds since 1970. */
export const moment = (row: Row, column: string): Date => new Date(integer(row, column));

export const object = (row: Row, column: string): JsonObject => JSON.parse(text(row, column)) as JsonObject;

type Reader<Value> = (row: Row, column: string) => Value;

/** Returns an object with the member `name`, or an empty one if the column is null. */
export const optional = <Name extends string, Value>(
  name: Name,
  row: Row,
  column: string,
  read: Reader<Value>,
): { readonly [Member in Name]?: Value } =>
  row[column] === null
    ? {}
    : ({ [name]: read(row, column) } as unknown as { readonly [Member in Name]: Value });

const unexpected = (column: string, value: unknown): Error =>
  new TypeError(`The column ${column} contains an unexpected ${value === null ? 'null' : typeof value}`);
