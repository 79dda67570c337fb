/**
 * The one-line form of names, as `openssl req -subj` reads it: `/C=US/O=Example Org/CN=a.example+UID=7`. `/` begins a
 * part, `+` begins another attribute of the same part, and `\` escapes the next character of a value.
 */

import { PkiError } from '../../base/errors.ts';
import { attributeTypeName, attributeTypeByName } from './attribute-type.ts';
import type { AttributeTypeAndValue, DistinguishedName } from './distinguished-name.ts';
import { matchAt } from './match-at.ts';
import { escapeHidden, quoted } from './printable-text.ts';

const SPECIAL = /[/+\\]/g;
const ESCAPED = String.raw`\$&`;

/** The empty name is `/`. Each octet of an invisible character becomes `\xHH`, as in OpenSSL. */
export const formatOneLine = (name: DistinguishedName): string =>
  name.length === 0 ? '/' : name.map((rdn) => `/${rdn.map(formatAttribute).join('+')}`).join('');

const formatAttribute = ({ type, value }: AttributeTypeAndValue): string =>
  `${attributeTypeName(type)}=${escapeHidden(value.replace(SPECIAL, ESCAPED))}`;

/**
 * Parses `text`, which begins with `/`. A `/` at the end is ignored, as in OpenSSL. Throws PkiError invalid-subject.
 */
export function parseOneLine(text: string): DistinguishedName {
  const name: AttributeTypeAndValue[][] = [];
  let offset = 0;
  while (offset < text.length && !isLastSlash(text, offset)) {
    const { type, start } = readType(text, offset + 1);
    const { value, end } = readValue(text, start);
    if (text[offset] === '+') name.at(-1)?.push({ type, value });
    else name.push([{ type, value }]);
    offset = end;
  }
  return name;
}

const isLastSlash = (text: string, offset: number): boolean =>
  offset === text.length - 1 && text[offset] === '/';

/** Reads a type at `from`. Returns it and the start of its value. */
function readType(text: string, from: number): { type: string; start: number } {
  const name = matchAt(/[^=/+]*/y, text, from);
  const end = from + name.length;
  if (text[end] === '=') return { type: attributeTypeByName(name), start: end + 1 };
  throw new PkiError(
    'invalid-subject',
    String.raw`The part ${quoted(name)} must have the form /CN=example.com; write a slash or plus in a value as \/ or \+`,
  );
}

/** Reads a value up to the character at `end`, which ends it. */
function readValue(text: string, from: number): { value: string; end: number } {
  const escaped = matchAt(/(?:[^/+\\]|\\[^])*/y, text, from);
  const end = from + escaped.length;
  if (text[end] === '\\') {
    throw new PkiError(
      'invalid-subject',
      String.raw`The name must not end with a single "\"; write \\ for a backslash`,
    );
  }
  return { value: escaped.replace(/\\([^])/g, '$1'), end };
}
