/** otherNames as text: `UPN:…`, `SmtpUTF8Mailbox:…`, `SRV:…`, `KRB5:…`, and OpenSSL's `otherName:OID;UTF8:text` for others. */

import { isAscii } from 'node:buffer';
import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { decodeText, elementOf } from '../../formats/der/reader.ts';
import { ia5String, TAG, utf8String } from '../../formats/der/writer.ts';
import { isObjectIdentifier, MAX_OID_LENGTH } from './object-identifier-text.ts';
import { encodeOtherName, type OtherName } from './other-name.ts';
import { OTHER_NAME_FORMS, type OtherNameForm } from './other-name-forms.ts';
import { escapeHidden, quoted } from './printable-text.ts';

const BY_OID: ReadonlyMap<string, OtherNameForm> = new Map(OTHER_NAME_FORMS.map((form) => [form.oid, form]));

const BY_PREFIX: ReadonlyMap<string, OtherNameForm> = new Map(
  OTHER_NAME_FORMS.map((form) => [form.prefix.toLowerCase(), form]),
);

/** Names of the types in OpenSSL. */
const OPENSSL_NAMES: Readonly<Record<string, string>> = {
  msUPN: '1.3.6.1.4.1.311.20.2.3',
  'id-on-SmtpUTF8Mailbox': '1.3.6.1.5.5.7.8.9',
  'id-on-dnsSRV': '1.3.6.1.5.5.7.8.7',
};

/** Names of string types in OpenSSL. Only the first two are written. */
const STRING_TYPES: ReadonlyMap<number, string> = new Map([
  [TAG.utf8String, 'UTF8'],
  [TAG.ia5String, 'IA5'],
  [TAG.printableString, 'PRINTABLE'],
  [TAG.visibleString, 'VISIBLE'],
  [TAG.numericString, 'NUMERIC'],
  [TAG.teletexString, 'T61'],
  [TAG.universalString, 'UNIV'],
  [TAG.bmpString, 'BMP'],
]);

/** Parses the text after a prefix in any case; undefined if no otherName has the prefix. Throws PkiError invalid-san. */
export function parseOtherName(prefix: string, text: string): OtherName | undefined {
  if (prefix.toLowerCase() === 'othername') return parseTyped(text);
  const form = BY_PREFIX.get(prefix.toLowerCase());
  return form && { kind: 'otherName', type: form.oid, value: form.encode(text) };
}

const ENCODERS: ReadonlyMap<number, (text: string) => Der> = new Map([
  [TAG.utf8String, utf8String],
  [TAG.ia5String, ia5String],
]);

const MAX_LENGTH = 256;

/** `OID;UTF8:text` or `OID;IA5:text`. */
function parseTyped(text: string): OtherName {
  const [, name = '', stringType = '', content = ''] =
    /^([^;]*);(UTF8|IA5)(?:String)?:(.+)$/is.exec(text) ?? [];
  const type = OPENSSL_NAMES[name] ?? name;
  if (!isObjectIdentifier(type) || content.length > MAX_LENGTH)
    throw invalid(
      `The otherName ${quoted(text)} must have the form otherName:1.2.3.4;UTF8:text, or IA5 in place of UTF8, with an OID of ` +
        `at most ${MAX_OID_LENGTH} and a text of at most ${MAX_LENGTH} characters`,
    );
  return { kind: 'otherName', type, value: encodeTyped(type, stringType.toUpperCase(), content) };
}

function encodeTyped(type: string, stringType: string, text: string): Der {
  const form = BY_OID.get(type);
  if (form?.stringType === stringType) return form.encode(text);
  if (form !== undefined)
    throw invalid(`An otherName of the type ${type} must be written with the prefix ${form.prefix}:`);
  if (stringType === 'UTF8') return utf8String(text);
  if (isAscii(Buffer.from(text))) return ia5String(text);
  throw invalid(`The otherName ${quoted(text)} must be ASCII to be an IA5String; write UTF8 in place of IA5`);
}

/** Returns the text as {@link parseOtherName} reads it, with its prefix; hexadecimal for a value that is not a string. */
export function formatOtherName(name: OtherName): string {
  const { prefix, text } = textOf(name);
  return prefix + escapeHidden(text);
}

/** Returns the name with its string encoded again, because strings of requests can have characters of another type. */
export function writableOtherName(name: OtherName): OtherName {
  const element = elementOf(name.value);
  const encode = ENCODERS.get(element.tag);
  return encode === undefined ? name : { ...name, value: encode(decodeText(element) ?? '') };
}

/** Returns the text of {@link formatOtherName} without escapes: hidden characters as they are. */
export function otherNameText(name: OtherName): string {
  const { prefix, text } = textOf(name);
  return prefix + text;
}

interface OtherNameText {
  readonly prefix: string;
  readonly text: string;
}

function textOf(name: OtherName): OtherNameText {
  const form = BY_OID.get(name.type);
  const text = form?.decode(name.value);
  if (form !== undefined && text !== undefined) return { prefix: `${form.prefix}:`, text };
  const element = elementOf(name.value);
  const stringType = STRING_TYPES.get(element.tag);
  const any = stringType === undefined ? undefined : decodeText(element);
  if (any !== undefined) return { prefix: `otherName:${name.type};${stringType}:`, text: any };
  return { prefix: 'otherName:', text: Buffer.from(encodeOtherName(name)).toString('hex').toUpperCase() };
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-san', sentence);
