/**
 * KRB5PrincipalName ::= SEQUENCE {
 *     realm                   [0] Realm,
 *     principalName           [1] PrincipalName }            -- RFC 4556 §3.2.2
 *
 * PrincipalName ::= SEQUENCE {
 *     name-type               [0] Int32,
 *     name-string             [1] SEQUENCE OF KerberosString }
 *
 * Realm ::= KerberosString
 * KerberosString ::= GeneralString (IA5String)               -- RFC 4120 §5.2
 *
 * All tags are EXPLICIT. The text is `component/component@REALM`.
 */

import { isAscii } from 'node:buffer';
import { PkiError } from '../../base/errors.ts';
import { asBuffer } from '../../base/octets.ts';
import type { Der } from '../../formats/der/header.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { contextConstructed, sequence, TAG, tlv, unsignedInteger } from '../../formats/der/writer.ts';
import { quoted } from './printable-text.ts';

/** RFC 4120 §6.2: a user or a host; the service that grants tickets is a service instance. */
const NT_PRINCIPAL = 1;
const NT_SRV_INST = 2;
const TICKET_GRANTING = 'krbtgt';

const MAX_LENGTH = 256;
/** Components and realm in visible ASCII; the separators and the escape character of principals are not supported. */
const PRINCIPAL = /^([!-.0-?A-[\]-~]+(?:\/[!-.0-?A-[\]-~]+)*)@([A-Za-z\d._-]+)$/;

/** Returns a KRB5PrincipalName, DER. Throws PkiError invalid-san. */
export function encodeKerberosName(text: string): Der {
  const [, principal, realm] = (text.length <= MAX_LENGTH && PRINCIPAL.exec(text)) || [];
  if (principal === undefined || realm === undefined)
    throw new PkiError(
      'invalid-san',
      `The Kerberos principal ${quoted(text)} must have the form name@REALM or host/www.example.com@REALM, ` +
        `in ASCII without spaces and "\\", and at most ${MAX_LENGTH} characters`,
    );
  const components = principal.split('/');
  const type = components[0] === TICKET_GRANTING ? NT_SRV_INST : NT_PRINCIPAL;
  return sequence(
    contextConstructed(0, kerberosString(realm)),
    contextConstructed(
      1,
      sequence(
        contextConstructed(0, unsignedInteger(type)),
        contextConstructed(1, sequence(...components.map(kerberosString))),
      ),
    ),
  );
}

const kerberosString = (text: string): Der => tlv(TAG.generalString, Buffer.from(text, 'latin1'));

/** Returns the text; undefined for another structure, and for characters that {@link encodeKerberosName} rejects. */
export function decodeKerberosName(der: Der): string | undefined {
  try {
    const text = readKerberosName(openSequence(der, { name: 'KRB5PrincipalName', code: 'invalid-san' }));
    return PRINCIPAL.test(text) ? text : undefined;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function readKerberosName(reader: StructureReader): string {
  const realm = readInner(reader, 0xa0, readString);
  const principal = readInner(reader, 0xa1, (inner) => readPrincipal(inner.structure('principalName')));
  reader.end();
  return `${principal}@${realm}`;
}

function readPrincipal(reader: StructureReader): string {
  readInner(reader, 0xa0, (inner) => inner.integer('name-type'));
  const components = readInner(reader, 0xa1, (inner) => readStrings(inner.structure('name-string')));
  reader.end();
  return components.join('/');
}

function readStrings(reader: StructureReader): string[] {
  const strings: string[] = [];
  while (reader.hasMore) strings.push(readString(reader));
  return strings;
}

/** The empty text, which no principal has, for characters that are not ASCII. */
function readString(reader: StructureReader): string {
  const { contents } = reader.element('KerberosString', TAG.generalString);
  return isAscii(contents) ? asBuffer(contents).toString('latin1') : '';
}

/** Reads the only value in an EXPLICIT tag. */
function readInner<T>(reader: StructureReader, tag: number, read: (inner: StructureReader) => T): T {
  const inner = reader.structure('value', tag);
  const value = read(inner);
  inner.end();
  return value;
}
