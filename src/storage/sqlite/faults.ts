/** Errors of SQLite, by their result codes (https://sqlite.org/rescode.html). */

import { storeUnavailable } from '../unavailable.ts';

/** What the database cannot do, by primary result code. */
const UNAVAILABLE: ReadonlyMap<number, string> = new Map([
  [1, 'has an unexpected structure'],
  [5, 'is locked by another process'],
  [6, 'is locked by another process'],
  [7, 'has not enough memory'],
  [8, 'cannot be written'],
  [10, 'cannot be read or written'],
  [11, 'is damaged'],
  [13, 'is on a full disk'],
  [14, 'cannot be opened'],
  [15, 'is locked by another process'],
  [26, 'is damaged'],
]);

/** After these errors the connection still works. */
const PASSING: ReadonlySet<number> = new Set([5, 6, 13]);

/** The primary result code; undefined for an error that is not one of SQLite. */
export function resultCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' ? code & 0xff : undefined;
}

/** Whether the error is one of a statement, such as a violated constraint. */
export const isOwnFault = (error: unknown): boolean => !UNAVAILABLE.has(resultCode(error) ?? -1);

/** Whether a new connection may help. */
export const needsNewConnection = (error: unknown): boolean => {
  const code = resultCode(error);
  return code !== undefined && !PASSING.has(code);
};

/** Converts an error of the database to PkiError store-unavailable. Others stay as they are. */
export function faultOf(error: unknown): unknown {
  const detail = UNAVAILABLE.get(resultCode(error) ?? -1);
  return detail === undefined ? error : storeUnavailable(detail, error);
}
