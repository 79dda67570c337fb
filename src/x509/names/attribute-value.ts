/**
 * AttributeTypeAndValue ::= SEQUENCE {
 *   type     AttributeType,               -- OBJECT IDENTIFIER
 *   value    AttributeValue }             -- ANY DEFINED BY AttributeType
 *
 * DirectoryString ::= CHOICE {
 *       teletexString           TeletexString (SIZE (1..MAX)),
 *       printableString         PrintableString (SIZE (1..MAX)),
 *       universalString         UniversalString (SIZE (1..MAX)),
 *       utf8String              UTF8String (SIZE (1..MAX)),
 *       bmpString               BMPString (SIZE (1..MAX)) }       -- RFC 5280 §4.1.2.4
 */

import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { decodeText, elementOf, type DerElement } from '../../formats/der/reader.ts';
import {
  ia5String,
  numericString,
  printableString,
  sequence,
  TAG,
  utf8String,
} from '../../formats/der/writer.ts';
import type { Reading } from '../../formats/reading.ts';
import type { AttributeSyntax } from './attribute-table.ts';
import { attributeType, attributeTypeFault, type AttributeType } from './attribute-type.ts';
import { printabilityError, quoted } from './printable-text.ts';
import { valueHint } from './value-hint.ts';

export interface AttributeTypeAndValue {
  /** Dotted OID. */
  readonly type: string;
  /** The text; `#` and the hexadecimal of `der` for a value that is not a string. */
  readonly value: string;
  /** The value as read, if its encoding differs from the one that is written for `value`. */
  readonly der?: Der;
}

interface SyntaxRules {
  readonly encode: (text: string) => Der;
  /** Tags that are allowed in a new name: no TeletexString, BMPString or UniversalString (RFC 5280 §4.1.2.4). */
  readonly tags: readonly number[];
  readonly alphabet: RegExp;
  /** The rest of a sentence about the value. */
  readonly requirement: string;
}

const PRINTABLE = {
  encode: printableString,
  tags: [TAG.printableString],
  alphabet: /^[A-Za-z0-9 '()+,\-./:=?]*$/,
  requirement: "must be a PrintableString: letters A-Z a-z, digits, space and '()+,-./:=? only",
};

const DIRECTORY = {
  encode: utf8String,
  tags: [TAG.utf8String, TAG.printableString],
  alphabet: /^/,
  requirement: 'must be a UTF8String or PrintableString',
};

const NUMERIC = {
  encode: numericString,
  tags: [TAG.numericString],
  alphabet: /^[\d ]*$/,
  requirement: 'must be a NumericString: digits and spaces only',
};

const ASCII = /^\p{ASCII}*$/u;

const RULES: Record<AttributeSyntax, SyntaxRules> = {
  directory: DIRECTORY,
  unknown: DIRECTORY,
  printable: PRINTABLE,
  country: {
    ...PRINTABLE,
    alphabet: /^[A-Z]{2}$/,
    requirement: 'must be a PrintableString of the two capital letters of ISO 3166-1, such as US',
  },
  country3: {
    ...PRINTABLE,
    alphabet: /^[A-Z]{3}$/,
    requirement: 'must be a PrintableString of the three capital letters of ISO 3166-1, such as USA',
  },
  gender: { ...PRINTABLE, alphabet: /^[MFmf]$/, requirement: 'must be M or F, as a PrintableString' },
  numeric: NUMERIC,
  digits: { ...NUMERIC, alphabet: /^\d*$/, requirement: 'must be a NumericString: digits only' },
  ia5: {
    encode: ia5String,
    tags: [TAG.ia5String],
    alphabet: ASCII,
    requirement: 'must be an IA5String: ASCII characters only',
  },
  // PKCS9String ::= CHOICE { ia5String IA5String, directoryString DirectoryString }, RFC 2985 appendix A
  ascii: {
    encode: (text) => (ASCII.test(text) ? ia5String(text) : utf8String(text)),
    tags: [TAG.ia5String, ...DIRECTORY.tags],
    alphabet: /^/,
    requirement: 'must be an IA5String, UTF8String or PrintableString',
  },
};

export const encodeAttribute = (attribute: AttributeTypeAndValue): Der =>
  sequence(attributeType(attribute.type).encodedOid, encodeAttributeValue(attribute));

/** Returns the value alone, DER. A type without a syntax of its own is encoded as a UTF8String. */
export const encodeAttributeValue = ({ type, value, der }: AttributeTypeAndValue): Der =>
  der ?? RULES[attributeType(type).syntax].encode(value);

export function decodeAttribute(type: string, element: DerElement): AttributeTypeAndValue {
  const attribute = { type, value: decodeText(element) ?? hexadecimalValue(element.encoding) };
  const isOurs = Buffer.compare(encodeAttributeValue(attribute), element.encoding) === 0;
  return isOurs ? attribute : { ...attribute, der: element.encoding };
}

/**
 * Returns the attribute in an encoding that may be written: as received if that is right, else the same text in the string
 * type of the attribute, which is noted. A value that is not a string is returned as it is.
 */
export function writableAttribute(attribute: AttributeTypeAndValue, reading: Reading): AttributeTypeAndValue {
  const { type, value, der } = attribute;
  if (der === undefined) return attribute;
  const { name, syntax } = attributeType(type);
  const { tags, requirement } = RULES[syntax];
  const element = elementOf(der);
  if (tags.includes(element.tag) && primitiveFault(element.tag, element.contents) === undefined)
    return attribute;
  if (decodeText(element) === undefined) return attribute;
  const sentence = `The attribute ${name} ${requirement}`;
  reading.tolerate('string-type', new PkiError('invalid-subject', sentence));
  return { type, value };
}

/** Returns `#` and the hexadecimal of a value's DER (RFC 4514 §2.4). */
export const hexadecimalValue = (der: Der): string => `#${Buffer.from(der).toString('hex').toUpperCase()}`;

/** Throws PkiError invalid-subject unless the attribute is allowed in a new certificate. */
export function checkAttribute({ type, value, der }: AttributeTypeAndValue): void {
  const typeFault = attributeTypeFault(type);
  if (typeFault !== undefined) throw new PkiError('invalid-subject', typeFault);
  const attribute = attributeType(type);
  const fault = valueFault(attribute, value, der);
  if (fault !== undefined) throw new PkiError('invalid-subject', `The attribute ${attribute.name} ${fault}`);
}

/** Returns the rest of a sentence about the value. */
function valueFault(type: AttributeType, value: string, der?: Uint8Array): string | undefined {
  const { syntax, maximum } = type;
  const { tags, alphabet, requirement } = RULES[syntax];
  if (der !== undefined && !tags.includes(der[0] ?? 0)) return requirement;
  const hidden = printabilityError(value);
  if (hidden !== undefined) return hidden;
  // RFC 5280 §4.1.2.4: SIZE (1..MAX)
  if (value.trim() === '') return 'must have a value, or be absent';
  if (!alphabet.test(value))
    return requirement + unexpectedCharacter(alphabet, value) + valueHint(type, value);
  // RFC 5280 appendix A.1: bounds are characters, not octets, and a character is one UTF-16 code unit or two
  const length = value.length <= maximum ? value.length : Array.from(value).length;
  if (syntax === 'digits' && length !== maximum) return `must have exactly ${maximum} digits, not ${length}`;
  if (length <= maximum) return undefined;
  return `must have at most ${maximum} characters, not ${length}${valueHint(type, value)}`;
}

/** Returns the first character that the alphabet does not have; nothing for a syntax with a fixed length. */
function unexpectedCharacter(alphabet: RegExp, value: string): string {
  const unexpected = alphabet.test('')
    ? Array.from(value).find((character) => !alphabet.test(character))
    : undefined;
  return unexpected === undefined ? '' : `, not ${quoted(unexpected)}`;
}
