/** The attribute types that a name may contain, with the syntax and upper bound of their values. */

import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { objectIdentifier } from '../../formats/der/writer.ts';
import { quoted } from './printable-text.ts';

/** DirectoryString, PrintableString, PrintableString of two letters (ISO 3166-1 alpha-2) or IA5String. */
export type AttributeSyntax = 'directory' | 'printable' | 'country' | 'ia5';

export interface AttributeType {
  readonly oid: string;
  /** DER. */
  readonly encodedOid: Der;
  /** The short name that OpenSSL prints, or the long name if there is no short one. */
  readonly name: string;
  readonly syntax: AttributeSyntax;
  /** Longest value, in characters. */
  readonly maximum: number;
}

const UB_NAME = 32768;
/** X.520 has no bound; this one limits the size of a name. */
const UNBOUNDED = 256;

type Row = readonly [
  oid: string,
  name: string,
  syntax: AttributeSyntax,
  maximum: number,
  ...otherNames: readonly string[],
];

/**
 * RFC 5280 appendix A.1 (syntaxes and bounds of its attributes), RFC 4519 §2.4 (dc: one label), RFC 1274 §9.3.1 (uid),
 * X.520 annex C (street, postal and business values), CA/Browser Forum BR §7.1.4 (jurisdiction).
 */
const ROWS: readonly Row[] = [
  ['2.5.4.3', 'CN', 'directory', 64, 'commonName'],
  ['2.5.4.4', 'SN', 'directory', UB_NAME, 'surname'],
  ['2.5.4.5', 'serialNumber', 'printable', 64],
  ['2.5.4.6', 'C', 'country', 2, 'countryName'],
  ['2.5.4.7', 'L', 'directory', 128, 'localityName'],
  ['2.5.4.8', 'ST', 'directory', 128, 'stateOrProvinceName', 'S'],
  ['2.5.4.9', 'street', 'directory', 128, 'streetAddress'],
  ['2.5.4.10', 'O', 'directory', 64, 'organizationName'],
  ['2.5.4.11', 'OU', 'directory', 64, 'organizationalUnitName'],
  ['2.5.4.12', 'title', 'directory', 64],
  ['2.5.4.13', 'description', 'directory', 1024],
  ['2.5.4.15', 'businessCategory', 'directory', 128],
  ['2.5.4.17', 'postalCode', 'directory', 40],
  ['2.5.4.18', 'postOfficeBox', 'directory', 40],
  ['2.5.4.41', 'name', 'directory', UB_NAME],
  ['2.5.4.42', 'GN', 'directory', UB_NAME, 'givenName'],
  ['2.5.4.43', 'initials', 'directory', UB_NAME],
  ['2.5.4.44', 'generationQualifier', 'directory', UB_NAME],
  ['2.5.4.46', 'dnQualifier', 'printable', UNBOUNDED],
  ['2.5.4.65', 'pseudonym', 'directory', 128],
  ['2.5.4.97', 'organizationIdentifier', 'directory', UNBOUNDED],
  ['0.9.2342.19200300.100.1.1', 'UID', 'directory', 256, 'userId'],
  ['0.9.2342.19200300.100.1.25', 'DC', 'ia5', 63, 'domainComponent'],
  ['1.2.840.113549.1.9.1', 'emailAddress', 'ia5', 255, 'E', 'email'],
  ['1.3.6.1.4.1.311.60.2.1.1', 'jurisdictionL', 'directory', 128, 'jurisdictionLocalityName'],
  ['1.3.6.1.4.1.311.60.2.1.2', 'jurisdictionST', 'directory', 128, 'jurisdictionStateOrProvinceName'],
  ['1.3.6.1.4.1.311.60.2.1.3', 'jurisdictionC', 'country', 2, 'jurisdictionCountryName'],
];

const BY_OID: ReadonlyMap<string, AttributeType> = new Map(
  ROWS.map(([oid, name, syntax, maximum]) => [
    oid,
    Object.freeze({ oid, encodedOid: objectIdentifier(oid), name, syntax, maximum }),
  ]),
);

const OID_BY_NAME: ReadonlyMap<string, string> = new Map(
  ROWS.flatMap(([oid, name, , , ...others]) =>
    [oid, name, ...others].map((key): [string, string] => [key.toLowerCase(), oid]),
  ),
);

export const attributeType = (oid: string): AttributeType | undefined => BY_OID.get(oid);

/** Returns the short name, or the dotted OID itself when it is not in the table. */
export const attributeTypeName = (oid: string): string => BY_OID.get(oid)?.name ?? oid;

/**
 * Returns the dotted OID of a short or long name (RFC 4512 §1.4: in any case), or of a dotted OID in the table. Throws
 * PkiError invalid-subject for any other text.
 */
export function attributeTypeByName(name: string): string {
  const oid = OID_BY_NAME.get(name.toLowerCase());
  if (oid !== undefined) return oid;
  throw new PkiError(
    'invalid-subject',
    `The attribute type ${quoted(name)} is unknown; the usual types are C, ST, L, O, OU, CN and emailAddress`,
  );
}
