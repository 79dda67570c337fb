/** The kinds of otherName with a text of their own, such as `UPN:user@example.com`. */

import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { decodeText, elementOf } from '../../formats/der/reader.ts';
import { ia5String, TAG, utf8String } from '../../formats/der/writer.ts';
import { parseHostName } from './dns-name.ts';
import { decodeKerberosName, encodeKerberosName } from './kerberos-name.ts';
import { parseInternationalMailbox } from './mailbox.ts';
import { quoted } from './printable-text.ts';

export const otherNameOid = Object.freeze({
  UPN: '1.3.6.1.4.1.311.20.2.3',
  SmtpUTF8Mailbox: '1.3.6.1.5.5.7.8.9',
  SRV: '1.3.6.1.5.5.7.8.7',
  KRB5: '1.3.6.1.5.2.2',
});

export type OtherNamePrefix = keyof typeof otherNameOid;

export interface OtherNameForm {
  readonly prefix: OtherNamePrefix;
  readonly oid: string;
  /** Name of the string type in OpenSSL's `otherName:OID;UTF8:text`; undefined for a structure. */
  readonly stringType: 'UTF8' | 'IA5' | undefined;
  /** Returns the value, DER. Throws PkiError invalid-san. */
  readonly encode: (text: string) => Der;
  /** Returns the text; undefined for a value of another type. */
  readonly decode: (value: Der) => string | undefined;
}

const STRING_TAG = { UTF8: TAG.utf8String, IA5: TAG.ia5String } as const;
const ENCODERS = { UTF8: utf8String, IA5: ia5String } as const;

const stringForm = (
  prefix: OtherNamePrefix,
  stringType: 'UTF8' | 'IA5',
  parse: (text: string) => string,
): OtherNameForm => ({
  prefix,
  oid: otherNameOid[prefix],
  stringType,
  encode: (text) => ENCODERS[stringType](parse(text)),
  decode(value) {
    const element = elementOf(value);
    return element.tag === STRING_TAG[stringType] ? decodeText(element) : undefined;
  },
});

export const OTHER_NAME_FORMS: readonly OtherNameForm[] = [
  stringForm('UPN', 'UTF8', parseUserPrincipalName),
  stringForm('SmtpUTF8Mailbox', 'UTF8', parseInternationalMailbox),
  stringForm('SRV', 'IA5', parseServiceName),
  {
    prefix: 'KRB5',
    oid: otherNameOid.KRB5,
    stringType: undefined,
    encode: encodeKerberosName,
    decode: decodeKerberosName,
  },
];

const MAX_UPN = 256;

/** `user@domain` (Microsoft). Kerberos principals such as `host/www.example.com@REALM` are used too. */
function parseUserPrincipalName(text: string): string {
  const at = text.lastIndexOf('@');
  if (!/^[^\s@]+$/.test(text.slice(0, Math.max(0, at))) || text.length > MAX_UPN)
    throw invalid(
      `The user principal name ${quoted(text)} must have the form user@example.com, with at most ${MAX_UPN} characters`,
    );
  // Kept as written: a realm is in capital letters
  parseHostName(text.slice(at + 1));
  return text;
}

/** RFC 6335 §5.1: letters, digits and inner single hyphens, with a letter; at most 15. */
const SERVICE = /^(?=[\d-]*[A-Z])[A-Z\d](?:-?[A-Z\d])*$/i;
const MAX_SERVICE = 15;

/** `_service.name`, without the protocol (RFC 4985 §2). */
function parseServiceName(text: string): string {
  const dot = text.indexOf('.');
  const service = text.slice(1, Math.max(1, dot));
  const name = text.slice(dot + 1);
  if (!text.startsWith('_') || !SERVICE.test(service) || service.length > MAX_SERVICE || name.startsWith('_'))
    throw invalid(
      `The service name ${quoted(text)} must have the form _xmpp-client.example.com: a service of at most ${MAX_SERVICE} ` +
        'characters, without a protocol such as _tcp',
    );
  return `_${service.toLowerCase()}.${parseHostName(name)}`;
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-san', sentence);
