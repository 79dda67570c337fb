/**
 * The one-line form of names, as `openssl req -subj` reads it: `/C=US/O=Example Org/CN=a.example+UID=7`. `/` begins a
 * part, `+` another attribute of the same part, and in values `\` takes the next character as it is.
 */

import { PkiError } from '../../base/errors.ts';
import { attributeTypeName, attributeTypeNamed } from './attribute-type.ts';
import type { AttributeTypeAndValue, DistinguishedName } from './distinguished-name.ts';
import { matchAt } from './match-at.ts';
import { escapeHidden, quoted } from './printable-text.ts';

const SPECIAL = /[/+\\]/g;

/** The empty name is `/`. What cannot be seen becomes `\xHH`, octet by octet, as OpenSSL shows it. */
export const formatOneLine = (name: DistinguishedName): string =>
  name.length === 0 ? '/' : name.map((rdn) => `/${rdn.map(formatAttribute).join('+')}`).join('');

const formatAttribute = ({ type, value }: AttributeTypeAndValue): string =>
  `${attributeTypeName(type)}=${escapeHidden(value.replace(SPECIAL, String.raw`\$&`), String.raw`\x`)}`;

/** Reads `text`, which begins with `/`; one more at its end is let pass, as OpenSSL does. Throws invalid-subject. */
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

/** Reads a type at `from`; answers where its value starts. */
function readType(text: string, from: number): { type: string; start: number } {
  const name = matchAt(/[^=/+]*/y, text, from);
  const end = from + name.length;
  if (text[end] === '=') return { type: attributeTypeNamed(name), start: end + 1 };
  throw new PkiError(
    'invalid-subject',
    String.raw`${quoted(name)} stands without "=": a part is written /CN=example.com, a slash or plus in a value \/ or \+`,
  );
}

/** Reads a value up to what ends it, which stands at `end`. */
function readValue(text: string, from: number): { value: string; end: number } {
  const escaped = matchAt(/(?:[^/+\\]|\\[^])*/y, text, from);
  const end = from + escaped.length;
  if (text[end] === '\\') {
    throw new PkiError(
      'invalid-subject',
      String.raw`the "\" at the end escapes nothing: write \\ for a backslash`,
    );
  }
  return { value: escaped.replace(/\\([^])/g, '$1'), end };
}
