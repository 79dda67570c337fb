/** Query parameters that several lists have. */

import { Type } from 'typebox';
import { PkiError } from '../../src/base/errors.ts';
import type { Period } from '../../src/storage/ports.ts';
import { parseMoment } from './moment.ts';

/** A parameter for a time. A plus sign in it must be written as %2B. */
export const moment = (description: string) =>
  Type.Optional(
    Type.String({
      format: 'date-time',
      maxLength: 40,
      description: `${description} RFC 3339 with whole seconds.`,
      examples: ['2027-01-31T00:00:00Z'],
    }),
  );

/** Returns the result of `read`. An error of its own becomes PkiError invalid-query at the parameter. */
export function readParameter<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof PkiError ? new PkiError('invalid-query', error.message, [name]) : error;
  }
}

/** Returns the period of two parameters; undefined if both are absent. Throws PkiError invalid-query. */
export function decodePeriod<const From extends string, const To extends string>(
  query: Readonly<Partial<Record<From | To, string | undefined>>>,
  [from, to]: readonly [From, To],
): Period | undefined {
  const { [from]: start, [to]: end } = query;
  if (start === undefined && end === undefined) return undefined;
  return {
    ...(start !== undefined && { from: readParameter(from, () => parseMoment(start)) }),
    ...(end !== undefined && { to: readParameter(to, () => parseMoment(end)) }),
  };
}
