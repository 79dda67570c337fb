/** What a kind of certificate contains, as data. The service has two profiles (RFC 5280 §4.2, RFC 9881 §5). */

import { extensionOid, extendedKeyUsageOid } from '../formats/oids.ts';
import { encodeExtension } from '../x509/extensions/extension.ts';
import {
  encodeAuthorityKeyIdentifier,
  encodeSubjectKeyIdentifier,
} from '../x509/extensions/key-identifiers.ts';
import { encodeBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { encodeExtendedKeyUsage } from '../x509/extensions/extended-key-usage.ts';
import { encodeKeyUsage, type KeyUsage } from '../x509/extensions/key-usage.ts';
import { encodeGeneralNames, type GeneralName } from '../x509/names/general-name-encoding.ts';

export interface Profile {
  readonly name: string;
  /** Grows with every change of what the profile contains. */
  readonly version: number;
  /** cA of basicConstraints. */
  readonly isCa: boolean;
  readonly keyUsage: readonly KeyUsage[];
  /** Dotted OIDs; without any, the certificate has no extendedKeyUsage. */
  readonly extendedKeyUsage: readonly string[];
  /** The longest validity, in whole days. */
  readonly maxDays: number;
}

const MAX_DAYS = 7300;

/** TLS servers and clients. */
export const END_ENTITY: Profile = Object.freeze<Profile>({
  name: 'end-entity',
  version: 1,
  isCa: false,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [extendedKeyUsageOid.serverAuth, extendedKeyUsageOid.clientAuth],
  maxDays: MAX_DAYS,
});

export const CA: Profile = Object.freeze<Profile>({
  name: 'ca',
  version: 1,
  isCa: true,
  keyUsage: ['digitalSignature', 'keyCertSign', 'cRLSign'],
  extendedKeyUsage: [],
  maxDays: MAX_DAYS,
});

/** What differs between two certificates of one profile. */
export interface ExtensionContent {
  /** How many CA certificates may follow this one in a path; no limit when absent (RFC 5280 §4.2.1.9). */
  readonly pathLength?: number | undefined;
  readonly subjectKeyIdentifier: Uint8Array;
  readonly authorityKeyIdentifier: Uint8Array;
  readonly subjectAltNames: readonly GeneralName[];
  readonly subjectIsEmpty: boolean;
}

/** Returns whole Extensions, DER, in the order of the certificate. */
export const encodeExtensions = (profile: Profile, content: ExtensionContent): readonly Uint8Array[] => [
  basicConstraints(profile, content.pathLength),
  ...encodedUsages(profile),
  encodeExtension({
    oid: extensionOid.subjectKeyIdentifier,
    critical: false,
    value: encodeSubjectKeyIdentifier(content.subjectKeyIdentifier),
  }),
  encodeExtension({
    oid: extensionOid.authorityKeyIdentifier,
    critical: false,
    value: encodeAuthorityKeyIdentifier(content.authorityKeyIdentifier),
  }),
  ...encodeSubjectAltName(content.subjectAltNames, content.subjectIsEmpty),
];

/** An empty subject makes the extension critical (RFC 5280 §4.2.1.6). Returns `[]` for no names. */
export function encodeSubjectAltName(
  names: readonly GeneralName[],
  subjectIsEmpty: boolean,
): readonly Uint8Array[] {
  if (names.length === 0) return [];
  const value = encodeGeneralNames(names);
  return [encodeExtension({ oid: extensionOid.subjectAltName, critical: subjectIsEmpty, value })];
}

const encodeBasic = (cA: boolean, pathLength?: number): Uint8Array =>
  encodeExtension({
    oid: extensionOid.basicConstraints,
    critical: true,
    value: encodeBasicConstraints({ cA, pathLength }),
  });

const NOT_A_CA = encodeBasic(false);
const UNLIMITED_CA = encodeBasic(true);

function basicConstraints({ isCa }: Profile, pathLength?: number): Uint8Array {
  if (!isCa) return NOT_A_CA;
  return pathLength === undefined ? UNLIMITED_CA : encodeBasic(true, pathLength);
}

/** The usages of a profile are encoded once: pkijs takes longer for them than the rest of a certificate does. */
const USAGES = new WeakMap<Profile, readonly Uint8Array[]>();

function encodedUsages(profile: Profile): readonly Uint8Array[] {
  const known = USAGES.get(profile);
  if (known !== undefined) return known;
  const encoded = encodeUsages(profile);
  USAGES.set(profile, encoded);
  return encoded;
}

function encodeUsages({ keyUsage, extendedKeyUsage }: Profile): readonly Uint8Array[] {
  const usage = encodeExtension({
    oid: extensionOid.keyUsage,
    critical: true,
    value: encodeKeyUsage(keyUsage),
  });
  if (extendedKeyUsage.length === 0) return [usage];
  const value = encodeExtendedKeyUsage(extendedKeyUsage);
  return [usage, encodeExtension({ oid: extensionOid.extendedKeyUsage, critical: false, value })];
}
