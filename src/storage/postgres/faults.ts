/** Errors of PostgreSQL, by SQLSTATE (PostgreSQL, Appendix A). An error without one is of the connection. */

import { isUnavailable, storeUnavailable } from '../unavailable.ts';

export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code) ? code : undefined;
}

/** Whether the error is one of a statement: invalid data (22) or a violated constraint (23). A type error is a bug. */
export const isOwnFault = (error: unknown): boolean =>
  error instanceof TypeError || /^2[23]/.test(sqlState(error) ?? '');

/** Serialization failure and deadlock: the same transaction may succeed. */
export const isConflict = (error: unknown): boolean => ['40001', '40P01'].includes(sqlState(error) ?? '');

/** Whether the connection is still in step with the server. */
export const keepsConnection = (error: unknown): boolean =>
  error instanceof TypeError || !/^(?:08|57P|$)/.test(sqlState(error) ?? '');

/** By the first characters of the SQLSTATE. */
const DETAILS: readonly (readonly [string, string])[] = [
  ['25006', 'cannot be written'],
  ['28', 'refuses the credentials of this service'],
  ['3D', 'does not exist'],
  ['40', 'had too many conflicting writes'],
  ['42', 'has an unexpected structure'],
  ['53100', 'is on a full disk'],
  ['53300', 'has no free connection'],
  ['55P03', 'is locked by another process'],
  ['57014', 'did not respond in time'],
];

/** Converts an error of the database to PkiError store-unavailable. Others stay as they are. */
export function faultOf(error: unknown): unknown {
  if (isOwnFault(error) || isUnavailable(error)) return error;
  const state = sqlState(error);
  const found = DETAILS.find(([prefix]) => state?.startsWith(prefix));
  return storeUnavailable(found?.[1] ?? 'cannot be reached', error);
}
