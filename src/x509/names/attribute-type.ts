/** Attribute types of names, by OID and by name. */

import { PkiError } from '../../base/errors.ts';
import { plainSpelling } from '../../base/spelling.ts';
import type { Der } from '../../formats/der/header.ts';
import { objectIdentifier, TAG, tlv } from '../../formats/der/writer.ts';
import { ATTRIBUTE_ROWS, NOT_TEXT, UNBOUNDED, type AttributeSyntax } from './attribute-table.ts';
import { isObjectIdentifier, MAX_OID_LENGTH } from './object-identifier-text.ts';
import { quoted } from './printable-text.ts';

export interface AttributeType {
  readonly oid: string;
  /** DER. */
  readonly encodedOid: Der;
  /** The short name that OpenSSL prints, the long name if there is no short one, or the dotted OID. */
  readonly name: string;
  readonly syntax: AttributeSyntax;
  /** Longest value, in characters. */
  readonly maximum: number;
}

const BY_OID: ReadonlyMap<string, AttributeType> = new Map(
  ATTRIBUTE_ROWS.map(([oid, name, syntax, maximum]) => [
    oid,
    Object.freeze({ oid, encodedOid: objectIdentifier(oid), name, syntax, maximum }),
  ]),
);

const OID_BY_NAME: ReadonlyMap<string, string> = new Map(
  [
    ...ATTRIBUTE_ROWS.map(([oid, name, , , ...others]) => [oid, name, ...others]),
    ...NOT_TEXT.map(([oid, name]) => [oid, name]),
  ].flatMap(([oid = '', ...names]) => names.map((name): [string, string] => [name.toLowerCase(), oid])),
);

const NOT_TEXT_BY_OID: ReadonlyMap<string, string> = new Map(
  NOT_TEXT.map(([oid, name, values]) => [
    oid,
    `The attribute ${name} cannot be part of a new name: its values are ${values}`,
  ]),
);

/** Whether the type has a syntax and a name of its own. */
export const isKnownAttribute = (oid: string): boolean => BY_OID.has(oid);

/** Returns the type of any OID. One without a syntax of its own is `unknown`: text of limited length. */
export const attributeType = (oid: string): AttributeType =>
  BY_OID.get(oid) ?? {
    oid,
    encodedOid: encodedType(oid),
    name: oid,
    syntax: 'unknown',
    maximum: UNBOUNDED,
  };

/** `#` and hexadecimal: what is not an OID, and was kept to be shown. */
const encodedType = (oid: string): Der =>
  oid.startsWith('#') ? tlv(TAG.objectIdentifier, Buffer.from(oid.slice(1), 'hex')) : objectIdentifier(oid);

/** Returns the short name, or the dotted OID itself when it is not in the table. */
export const attributeTypeName = (oid: string): string => BY_OID.get(oid)?.name ?? oid;

/** Returns why a new name cannot have the type, as a sentence; undefined if it can. */
export const attributeTypeFault = (oid: string): string | undefined =>
  NOT_TEXT_BY_OID.get(oid) ??
  (oid.length > MAX_OID_LENGTH
    ? `An attribute type must be an OID of at most ${MAX_OID_LENGTH} characters, not ${oid.length}`
    : undefined);

/**
 * Returns the dotted OID of a short or long name (RFC 4512 §1.4: in any case), or of any dotted OID, with or without the
 * prefix `OID.` (RFC 2253 §4). Throws PkiError invalid-subject for any other text.
 */
export function attributeTypeByName(name: string): string {
  const known = OID_BY_NAME.get(name.toLowerCase());
  if (known !== undefined) return known;
  const oid = name.replace(/^oid\./i, '');
  if (isObjectIdentifier(oid)) return oid;
  const meant = meantType(name);
  const hint =
    meant === undefined
      ? `the usual types are C, ST, L, O, OU, CN and emailAddress, and any other can be a dotted OID of at most ${MAX_OID_LENGTH} characters`
      : `did you mean ${meant}?`;
  throw new PkiError('invalid-subject', `The attribute type ${quoted(name)} is unknown; ${hint}`);
}

/** Words for attribute types, in the spelling of {@link plainSpelling}. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    C: ['country', 'countrycode'],
    ST: ['state', 'province', 'stateorprovince', 'region'],
    L: ['locality', 'city', 'town'],
    O: ['organization', 'organisation', 'org', 'company'],
    OU: ['organizationalunit', 'organisationalunit', 'orgunit', 'unit', 'department'],
    CN: ['common', 'fqdn', 'hostname', 'domain', 'dns'],
    GN: ['firstname'],
    SN: ['lastname', 'familyname'],
    serialNumber: ['serial'],
    postalCode: ['zip', 'zipcode'],
    telephoneNumber: ['telephone', 'phone'],
  }).flatMap(([type, words]) => words.map((word): [string, string] => [word, type])),
);

/** Returns the name of the type for another word or spelling of it. */
function meantType(name: string): string | undefined {
  const plain = plainSpelling(name);
  const oid = OID_BY_NAME.get(plain);
  return WORDS.get(plain) ?? (oid === undefined ? undefined : attributeTypeName(oid));
}
