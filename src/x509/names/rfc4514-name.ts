/**
 * The string form of RFC 4514, in the reverse order of the encoding (§2.1): `CN=a.example+UID=7,O=Example,C=US`. The
 * parser accepts spaces around `,`, `+` and `=`, and values in quotation marks, as RFC 2253 §4 requires.
 */

import { isUtf8 } from 'node:buffer';
import { PkiError } from '../../base/errors.ts';
import { decodeText, elementOf } from '../../formats/der/reader.ts';
import { checkDer } from '../../formats/der/strict.ts';
import { TAG } from '../../formats/der/writer.ts';
import { attributeTypeByName, attributeTypeName, isKnownAttribute } from './attribute-type.ts';
import { encodeAttributeValue, hexadecimalValue } from './attribute-value.ts';
import type { AttributeTypeAndValue, DistinguishedName } from './distinguished-name.ts';
import { matchAt } from './match-at.ts';
import { escapeHidden, quoted } from './printable-text.ts';

export const formatRfc4514 = (name: DistinguishedName): string =>
  name
    .toReversed()
    .map((rdn) => rdn.map(formatAttribute).join('+'))
    .join(',');

/** RFC 4514 §2.3, §2.4: a value of an unknown type, or that is not a string, is written as the hexadecimal of its DER. */
function formatAttribute(attribute: AttributeTypeAndValue): string {
  const { type, value, der } = attribute;
  const isText = isKnownAttribute(type) && (der === undefined || value !== hexadecimalValue(der));
  const text = isText ? formatValue(value) : hexadecimalValue(encodeAttributeValue(attribute));
  return `${attributeTypeName(type)}=${text}`;
}

/** RFC 4514 §2.4. Invisible characters become hexadecimal pairs. */
const formatValue = (value: string): string => escapeHidden(value.replace(SPECIAL, ESCAPED), '\\');

const SPECIAL = /^[ #]|["+,;<>\\]| $/g;
const ESCAPED = String.raw`\$&`;

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
  /** Offset of the text after the value. */
  readonly end: number;
}

/** Reads an attribute and the spaces after it. A separator or the end of the text must follow. */
function readAttribute(text: string, from: number): Read<AttributeTypeAndValue> {
  const name = matchAt(/[^=,+;]*/y, text, from);
  const equals = from + name.length;
  if (text[equals] !== '=') {
    throw invalid(`The attribute ${quoted(name.trim())} must have the form CN=example.com`);
  }
  const type = attributeTypeByName(name.trim());
  const { value, end } = readValue(text, afterSpaces(text, equals + 1));
  const next = afterSpaces(text, end);
  const stop = text.charAt(next);
  if (!['', ',', '+'].includes(stop)) {
    throw invalid(
      `The character ${quoted(stop)} is unexpected: commas separate the parts, and "\\" escapes a special character`,
    );
  }
  return { value: { type, value }, end: next };
}

const afterSpaces = (text: string, from: number): number => from + matchAt(/ */y, text, from).length;

function readValue(text: string, from: number): Read<string> {
  if (text[from] === '#') return readHexadecimal(text, from + 1);
  if (text[from] === '"') return readQuoted(text, from + 1);
  // Spaces are part of the value only if another character of the value follows
  const escaped = matchAt(/(?: *(?:[^ ,+;"<>\\]|\\[^]))*/y, text, from);
  return { value: unescaped(escaped), end: from + escaped.length };
}

function readQuoted(text: string, from: number): Read<string> {
  const escaped = matchAt(/(?:[^"\\]|\\[^])*/y, text, from);
  const end = from + escaped.length;
  if (text[end] !== '"') throw invalid('A quoted value must end with a quotation mark');
  return { value: unescaped(escaped), end: end + 1 };
}

/** `\` escapes a special character, or begins two hexadecimal digits: an octet of UTF-8 (RFC 4514 §3). */
const unescaped = (text: string): string =>
  text.replace(/(?:\\[\dA-F]{2})+|\\[^]/gi, (escape) => {
    if (escape.length > 2) return textOfPairs(escape);
    if (' "#+,;<=>\\'.includes(escape.charAt(1))) return escape.charAt(1);
    throw invalid(
      `The escape ${quoted(escape)} is invalid: "\\" must precede a special character or two hexadecimal digits`,
    );
  });

function textOfPairs(pairs: string): string {
  const octets = Buffer.from(pairs.replaceAll('\\', ''), 'hex');
  if (isUtf8(octets)) return octets.toString();
  throw invalid(`The hexadecimal pairs ${quoted(pairs)} must be the octets of UTF-8`);
}

const STRING_TYPES: readonly number[] = [TAG.utf8String, TAG.printableString, TAG.ia5String];

/** Reads the hexadecimal of a string's DER after `#`. The encoder chooses the string type again. */
function readHexadecimal(text: string, from: number): Read<string> {
  const digits = matchAt(/(?:[\dA-F]{2})*/iy, text, from);
  const value = textOfDer(Buffer.from(digits, 'hex'));
  if (value === undefined) {
    throw invalid(
      'A value that begins with "#" must be the hexadecimal DER of a UTF8String; write \\# for the character',
    );
  }
  return { value, end: from + digits.length };
}

function textOfDer(der: Uint8Array): string | undefined {
  try {
    const element = elementOf(checkDer(der));
    return STRING_TYPES.includes(element.tag) ? decodeText(element) : undefined;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

const invalid = (message: string): PkiError => new PkiError('invalid-subject', message);
