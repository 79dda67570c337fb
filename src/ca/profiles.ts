/** What the two kinds of certificate say (the v1 contract; STANDARDS S5.19). What never changes is encoded once. */

import { extensionOid, extendedKeyUsageOid } from '../formats/oids.ts';
import { encodeExtension } from '../x509/extensions/extension.ts';
import {
  encodeAuthorityKeyIdentifier,
  encodeBasicConstraints,
  encodeExtendedKeyUsage,
  encodeKeyUsage,
  encodeSubjectKeyIdentifier,
  type KeyUsage,
} from '../x509/extensions/extension-values.ts';
import { encodeGeneralNames, type GeneralName } from '../x509/names/general-name-encoding.ts';

export interface ProfileContent {
  readonly isCa: boolean;
  /** How many CA certificates may follow this one in a path; no limit when absent. */
  readonly pathLength?: number | undefined;
  readonly subjectKeyIdentifier: Uint8Array;
  readonly authorityKeyIdentifier: Uint8Array;
  readonly san: readonly GeneralName[];
  /** With an empty subject the names are all there is, so they are critical (RFC 5280 §4.2.1.6). */
  readonly subjectIsEmpty: boolean;
}

const basicConstraints = (cA: boolean, pathLength?: number): Uint8Array =>
  encodeExtension({
    oid: extensionOid.basicConstraints,
    critical: true,
    value: encodeBasicConstraints({ cA, pathLength }),
  });

const keyUsage = (...usages: readonly KeyUsage[]): Uint8Array =>
  encodeExtension({ oid: extensionOid.keyUsage, critical: true, value: encodeKeyUsage(usages) });

const END_ENTITY: readonly Uint8Array[] = Object.freeze([
  basicConstraints(false),
  keyUsage('digitalSignature'),
  encodeExtension({
    oid: extensionOid.extendedKeyUsage,
    critical: false,
    value: encodeExtendedKeyUsage([extendedKeyUsageOid.serverAuth, extendedKeyUsageOid.clientAuth]),
  }),
]);

const CA_KEY_USAGE = keyUsage('digitalSignature', 'keyCertSign', 'cRLSign');
const CA: readonly Uint8Array[] = Object.freeze([basicConstraints(true), CA_KEY_USAGE]);

function fixedExtensions({ isCa, pathLength }: ProfileContent): readonly Uint8Array[] {
  if (!isCa) return END_ENTITY;
  return pathLength === undefined ? CA : [basicConstraints(true, pathLength), CA_KEY_USAGE];
}

export function subjectAltName(san: readonly GeneralName[], subjectIsEmpty: boolean): readonly Uint8Array[] {
  if (san.length === 0) return [];
  const value = encodeGeneralNames(san);
  return [encodeExtension({ oid: extensionOid.subjectAltName, critical: subjectIsEmpty, value })];
}

/** Whole Extensions in their order. */
export const profileExtensions = (content: ProfileContent): readonly Uint8Array[] => [
  ...fixedExtensions(content),
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
  ...subjectAltName(content.san, content.subjectIsEmpty),
];
