/**
 * The string form of RFC 4514, whose order is the reverse of the encoding's (§2.1): `CN=a.example+UID=7,O=Example,C=US`.
 * Reading lets spaces stand around `,`, `+` and `=` and values in quotation marks, as RFC 2253 §4 asks.
 */

import { isUtf8 } from 'node:buffer';
import { PkiError } from '../../base/errors.ts';
import { decodeText, parseDer } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { attributeType, attributeTypeName, attributeTypeNamed } from './attribute-type.ts';
import { encodeAttributeValue, hexadecimalValue } from './attribute-value.ts';
import type { AttributeTypeAndValue, DistinguishedName } from './distinguished-name.ts';
import { matchAt } from './match-at.ts';
import { escapeHidden, quoted } from './printable-text.ts';

export const formatRfc4514 = (name: DistinguishedName): string =>
  name
    .toReversed()
    .map((rdn) => rdn.map(formatAttribute).join('+'))
    .join(',');

/** RFC 4514 §2.3, §2.4: the value of a type without a name, and one that is no string, is the hexadecimal of its DER. */
function formatAttribute(attribute: AttributeTypeAndValue): string {
  const { type, value, der } = attribute;
  const isText = attributeType(type) !== undefined && (der === undefined || value !== hexadecimalValue(der));
  const text = isText ? formatValue(value) : hexadecimalValue(encodeAttributeValue(attribute));
  return `${attributeTypeName(type)}=${text}`;
}

/** RFC 4514 §2.4. What cannot be seen becomes hexadecimal pairs. */
const formatValue = (value: string): string =>
  escapeHidden(value.replace(/^[ #]|["+,;<>\\]| $/g, String.raw`\$&`), '\\');

/** Throws PkiError invalid-subject. The empty text is the empty name. */
export function parseRfc4514(text: string): DistinguishedName {
  if (text === '') return [];
  const name: AttributeTypeAndValue[][] = [];
  let separator = ',';
  let offset = 0;
  while (separator !== '') {
    const { value: attribute, end } = readAttribute(text, offset);
    if (separator === '+') name.at(-1)?.push(attribute);
    else name.push([attribute]);
    separator = text.charAt(end);
    offset = end + 1;
  }
  return name.toReversed();
}

interface Read<T> {
  readonly value: T;
  /** Where the text after it begins. */
  readonly end: number;
}

/** Reads an attribute and the spaces after it: a separator follows, or the text ends. */
function readAttribute(text: string, from: number): Read<AttributeTypeAndValue> {
  const name = matchAt(/[^=,+;]*/y, text, from);
  const equals = from + name.length;
  if (text[equals] !== '=') {
    throw invalid(`${quoted(name.trim())} stands without "=": an attribute is written CN=example.com`);
  }
  const type = attributeTypeNamed(name.trim());
  const { value, end } = readValue(text, afterSpaces(text, equals + 1));
  const next = afterSpaces(text, end);
  const stop = text.charAt(next);
  if (!['', ',', '+'].includes(stop)) {
    throw invalid(
      `${quoted(stop)} may not stand here: parts are separated by commas, and \\${stop} is its escape`,
    );
  }
  return { value: { type, value }, end: next };
}

const afterSpaces = (text: string, from: number): number => from + matchAt(/ */y, text, from).length;

function readValue(text: string, from: number): Read<string> {
  if (text[from] === '#') return readHexadecimal(text, from + 1);
  if (text[from] === '"') return readQuoted(text, from + 1);
  // Spaces belong to the value only where something else of it follows
  const escaped = matchAt(/(?: *(?:[^ ,+;"<>\\]|\\[^]))*/y, text, from);
  return { value: unescaped(escaped), end: from + escaped.length };
}

function readQuoted(text: string, from: number): Read<string> {
  const escaped = matchAt(/(?:[^"\\]|\\[^])*/y, text, from);
  const end = from + escaped.length;
  if (text[end] !== '"') throw invalid('a value lacks the quotation mark at its end');
  return { value: unescaped(escaped), end: end + 1 };
}

/** `\` goes before a special character or two hexadecimal digits, which are an octet of UTF-8 (RFC 4514 §3). */
const unescaped = (text: string): string =>
  text.replace(/(?:\\[\dA-F]{2})+|\\[^]/gi, (escape) => {
    if (escape.length > 2) return textOfPairs(escape);
    if (' "#+,;<=>\\'.includes(escape.charAt(1))) return escape.charAt(1);
    throw invalid(
      `${quoted(escape)} is no escape: after "\\" stands a special character or two hexadecimal digits`,
    );
  });

function textOfPairs(pairs: string): string {
  const octets = Buffer.from(pairs.replaceAll('\\', ''), 'hex');
  if (isUtf8(octets)) return octets.toString();
  throw invalid(`${quoted(pairs)} is not UTF-8, of which each pair of hexadecimal digits is an octet`);
}

const STRING_TYPES: readonly number[] = [TAG.utf8String, TAG.printableString, TAG.ia5String];

/** Reads the hexadecimal of a string's DER after `#`. The string types are chosen anew when it is written. */
function readHexadecimal(text: string, from: number): Read<string> {
  const digits = matchAt(/(?:[\dA-F]{2})*/iy, text, from);
  const value = textOfDer(Buffer.from(digits, 'hex'));
  if (value === undefined) {
    throw invalid(
      'a value that begins with "#" must be the hexadecimal DER of a UTF8String, or be escaped as \\#',
    );
  }
  return { value, end: from + digits.length };
}

function textOfDer(der: Uint8Array): string | undefined {
  try {
    const element = parseDer(der);
    return STRING_TYPES.includes(element.tag) ? decodeText(element) : undefined;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

const invalid = (message: string): PkiError => new PkiError('invalid-subject', message);
