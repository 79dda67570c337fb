/** JSON with one text for each value, so that a digest of the text is a digest of the value (RFC 8785). */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: Json;
}

/**
 * Returns the canonical text (RFC 8785 §3.2). Members are sorted by UTF-16 code units; numbers and strings have the form
 * of ECMAScript.
 */
export const canonicalJson = (value: Json): string => JSON.stringify(sorted(value));

function sorted(value: Json): Json {
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(sorted);
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}

const isList = (value: object): value is readonly Json[] => Array.isArray(value);
