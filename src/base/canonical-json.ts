/** JSON with one text for each value, so that a digest of the text is a digest of the value (RFC 8785). */

export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [member: string]: Json;
}

/**
 * Returns the canonical text (RFC 8785 §3.2). Members are sorted by UTF-16 code units; numbers and strings have the form
 * of ECMAScript. Throws TypeError for a value that JSON does not have, such as undefined or NaN.
 */
export function canonicalJson(value: Json): string {
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value === 'object' && value !== null) return canonicalObject(value);
  if (!['string', 'number', 'boolean'].includes(typeof value) && value !== null) throw notJson(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw notJson(value);
  return JSON.stringify(value);
}

function canonicalObject(value: JsonObject): string {
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

const notJson = (value: unknown): TypeError => new TypeError(`JSON has no ${String(value)}`);
