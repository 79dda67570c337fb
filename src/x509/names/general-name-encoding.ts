/**
 * GeneralNames ::= SEQUENCE SIZE (1..MAX) OF GeneralName
 *
 * GeneralName ::= CHOICE {
 *      otherName                 [0]  AnotherName,
 *      rfc822Name                [1]  IA5String,
 *      dNSName                   [2]  IA5String,
 *      x400Address               [3]  ORAddress,
 *      directoryName             [4]  Name,
 *      ediPartyName              [5]  EDIPartyName,
 *      uniformResourceIdentifier [6]  IA5String,
 *      iPAddress                 [7]  OCTET STRING,
 *      registeredID              [8]  OBJECT IDENTIFIER }        -- RFC 5280 §4.2.1.6
 *
 * The tags are IMPLICIT, except for Name, which is a CHOICE.
 */

import { PkiError } from '../../base/errors.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import type { Der } from '../../formats/der/header.ts';
import { decodeOid, elementOf, type DerElement } from '../../formats/der/reader.ts';
import {
  contextConstructed,
  contextPrimitive,
  objectIdentifier,
  sequence,
  TAG,
} from '../../formats/der/writer.ts';
import { openSequence, StructureReader } from '../../formats/der/structure-reader.ts';
import {
  decodeDistinguishedName,
  encodeDistinguishedName,
  type DistinguishedName,
} from './distinguished-name.ts';
import { decodeOtherName, encodeOtherName, type OtherName } from './other-name.ts';

/** The kinds that are written, named by the prefix of their text. */
export type GeneralName =
  | { readonly kind: 'DNS' | 'email' | 'URI'; readonly value: string }
  /** A dotted OID. */
  | { readonly kind: 'RID'; readonly value: string }
  /** 4 or 16 octets. */
  | { readonly kind: 'IP'; readonly octets: Uint8Array }
  | { readonly kind: 'dirName'; readonly name: DistinguishedName }
  | OtherName;

/** A name of a kind that is only read and described, never written; or an otherName of another structure. */
export interface OtherGeneralName {
  readonly kind: 'other';
  /** Number of the context-specific tag: 0, 3 or 5. */
  readonly tag: number;
  readonly der: Der;
}

/** By their tag numbers. */
const OTHER_KINDS: Readonly<Record<number, string>> = { 0: 'otherName', 3: 'x400Address', 5: 'ediPartyName' };

/** Returns the name of the kind in RFC 5280. */
export const otherKind = ({ tag }: OtherGeneralName): string => OTHER_KINDS[tag] ?? `tag ${tag}`;

const TAG_NUMBER = { email: 1, DNS: 2, URI: 6 } as const;

export function encodeGeneralName(name: GeneralName): Der {
  switch (name.kind) {
    case 'dirName':
      return contextConstructed(4, encodeDistinguishedName(name.name));
    case 'IP':
      return contextPrimitive(7, name.octets);
    case 'RID':
      return contextPrimitive(8, elementOf(objectIdentifier(name.value)).contents);
    case 'otherName':
      return encodeOtherName(name);
    default:
      return contextPrimitive(TAG_NUMBER[name.kind], Buffer.from(name.value, 'latin1'));
  }
}

/** Returns GeneralNames, DER; `names` must not be empty. */
export const encodeGeneralNames = (names: readonly GeneralName[]): Der =>
  sequence(...names.map(encodeGeneralName));

/** Reads GeneralNames of any content. Throws PkiError invalid-san for another structure. */
export const decodeGeneralNames = (der: Der): (GeneralName | OtherGeneralName)[] =>
  readNames(openSequence(der, CONTEXT));

/** {@link decodeGeneralNames} for GeneralNames with an IMPLICIT tag. */
export const readGeneralNames = (element: DerElement): (GeneralName | OtherGeneralName)[] =>
  readNames(new StructureReader(element, CONTEXT));

const CONTEXT = { name: 'GeneralNames', code: 'invalid-san' } as const;

function readNames(reader: StructureReader): (GeneralName | OtherGeneralName)[] {
  const names: (GeneralName | OtherGeneralName)[] = [];
  do names.push(decodeGeneralName(reader.element('GeneralName')));
  while (reader.hasMore);
  return names;
}

/** Reads one GeneralName. Throws PkiError invalid-san. */
export function decodeGeneralName(element: DerElement): GeneralName | OtherGeneralName {
  const { tag, contents, encoding } = element;
  switch (tag) {
    case 0x81:
      return { kind: 'email', value: ia5Text(contents) };
    case 0x82:
      return { kind: 'DNS', value: ia5Text(contents) };
    case 0xa4:
      return { kind: 'dirName', name: readDirectoryName(element) };
    case 0x86:
      return { kind: 'URI', value: ia5Text(contents) };
    case 0x87:
      return { kind: 'IP', octets: contents };
    case 0x88:
      return { kind: 'RID', value: registeredId(contents) };
    case 0xa0:
      return decodeOtherName(element) ?? { kind: 'other', tag: 0, der: encoding };
    case 0xa3:
    case 0xa5:
      return { kind: 'other', tag: tag & 0x1f, der: encoding };
    default:
      throw new PkiError(
        'invalid-san',
        `A GeneralName cannot have the tag ${tag.toString(16).toUpperCase().padStart(2, '0')}`,
      );
  }
}

/** The Name in a directoryName. Its tag is EXPLICIT, because Name is a CHOICE. */
export function readDirectoryName(element: DerElement): DistinguishedName {
  const reader = new StructureReader(element, { name: 'directoryName', code: 'invalid-san' });
  const { encoding } = reader.element('Name', TAG.sequence);
  reader.end();
  return decodeDistinguishedName(encoding);
}

/** One character for each octet, also above 7F: such a name is described, but {@link checkGeneralName} rejects it. */
const ia5Text = (contents: Uint8Array): string => Buffer.from(contents).toString('latin1');

/** IMPLICIT tag: the DER check does not know that this is an OBJECT IDENTIFIER. */
function registeredId(contents: Uint8Array): string {
  const fault = primitiveFault(TAG.objectIdentifier, contents);
  if (fault !== undefined) throw new PkiError('invalid-san', `The registeredID is invalid: ${fault}`);
  return decodeOid(contents);
}
