/**
 * Reads the values of extensions for the rules: their structure only, so that a rule can say what is wrong with a value.
 * Each reader throws PkiError for another structure.
 */

import type { Der } from '../formats/der/header.ts';
import { elementOf, membersOf } from '../formats/der/reader.ts';
import type { StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { UNNOTED } from '../formats/reading.ts';
import { invalidExtension, openExtension } from '../x509/extensions/extension.ts';
import { KEY_USAGES, isBitSet, type KeyUsage } from '../x509/extensions/key-usage.ts';
import { readSubjectKeyIdentifier } from '../x509/extensions/key-identifiers.ts';
import {
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
} from '../x509/extensions/policy-processing.ts';
import { readTlsFeatures } from '../x509/extensions/tls-feature.ts';
import { decodeGeneralNames, readGeneralNames } from '../x509/names/general-name-encoding.ts';
import { certificatePolicies, distributionPoints, informationAccess } from './list-values.ts';

export interface Constraints {
  readonly cA: boolean;
  /** Whether cA FALSE, the DEFAULT, is written (X.690 §11.5). */
  readonly isFalseWritten: boolean;
  /** Contents of the INTEGER. */
  readonly pathLength: Uint8Array | undefined;
}

function basicConstraints(value: Der): Constraints {
  const reader = openExtension('BasicConstraints', value, UNNOTED);
  const isFalseWritten = reader.isNext(TAG.boolean) && value[4] === 0;
  const cA = reader.defaultFalse('cA');
  const pathLength = reader.hasMore ? reader.integer('pathLenConstraint') : undefined;
  reader.end();
  return { cA, isFalseWritten, pathLength };
}

export interface Usages {
  readonly usages: readonly KeyUsage[];
  /** Whether the bits are written as DER writes named bits (X.690 §11.2.2), and each has a name. */
  readonly isShortest: boolean;
}

function keyUsage(value: Der): Usages {
  const { tag, contents } = elementOf(value);
  if (tag !== TAG.bitString) throw invalidExtension('KeyUsage must be a BIT STRING');
  const usages = KEY_USAGES.filter((_, bit) => isBitSet(contents, bit));
  return { usages, isShortest: isShortest(contents) };
}

/** Whether the last bit is set, and there are at most nine. */
function isShortest(contents: Uint8Array): boolean {
  const bits = 8 * (contents.length - 1) - (contents[0] ?? 0);
  return bits === 0 || (bits <= KEY_USAGES.length && isBitSet(contents, bits - 1));
}

/** Dotted OIDs. */
function extendedKeyUsage(value: Der): readonly string[] {
  const reader = openExtension('ExtKeyUsageSyntax', value);
  const purposes: string[] = [];
  do purposes.push(reader.oid('KeyPurposeId'));
  while (reader.hasMore);
  return purposes;
}

function authorityKeyIdentifier(value: Der) {
  const reader = openExtension('AuthorityKeyIdentifier', value);
  const keyIdentifier = reader.optionalElement('keyIdentifier', 0x80)?.contents;
  const issuer = reader.optionalElement('authorityCertIssuer', 0xa1);
  const serialNumber = reader.optionalElement('authorityCertSerialNumber', 0x82)?.contents;
  reader.end();
  return { keyIdentifier, issuer: issuer && readGeneralNames(issuer), serialNumber };
}

export interface Subtree {
  /** The base, a GeneralName. */
  readonly tag: number;
  readonly contents: Uint8Array;
  /** Whether minimum or maximum is present. */
  readonly hasDistance: boolean;
}

function nameConstraints(value: Der) {
  const reader = openExtension('NameConstraints', value);
  const lists = [0xa0, 0xa1].map((tag) => reader.optionalStructure('Subtrees', tag));
  reader.end();
  const subtrees = lists.flatMap((list) => (list === undefined ? [] : subtreesOf(list)));
  return { subtrees, hasEmptyList: lists.some((list, index) => isEmptyList(value, list, index)) };
}

function subtreesOf(list: StructureReader): Subtree[] {
  const subtrees: Subtree[] = [];
  while (list.hasMore) {
    const [base, ...distances] = membersOf(list.element('GeneralSubtree', TAG.sequence));
    if (base === undefined) throw list.fault('base', 'is missing');
    subtrees.push({ tag: base.tag, contents: base.contents, hasDistance: distances.length > 0 });
  }
  return subtrees;
}

const isEmptyList = (value: Der, list: StructureReader | undefined, index: number): boolean =>
  list !== undefined &&
  [...membersOf(elementOf(value))].some(({ tag, contents }) => tag === 0xa0 + index && contents.length === 0);

/** RelatedCertificate ::= SEQUENCE { hashAlgorithm DigestAlgorithmIdentifier, hashValue OCTET STRING } (RFC 9763 §4) */
function relatedCertificate(value: Der) {
  const reader = openExtension('RelatedCertificate', value);
  const algorithm = reader.structure('hashAlgorithm');
  const hash = reader.octetString('hashValue');
  reader.end();
  return { algorithm: algorithm.oid('algorithm'), hash };
}

const asItIs = (value: Der): Der => value;

/** By their names in `extensionOid`. */
export const VALUE_READERS = Object.freeze({
  basicConstraints,
  keyUsage,
  extendedKeyUsage,
  authorityKeyIdentifier,
  subjectKeyIdentifier: readSubjectKeyIdentifier,
  subjectAltName: decodeGeneralNames,
  issuerAltName: decodeGeneralNames,
  nameConstraints,
  certificatePolicies,
  policyMappings: readPolicyMappings,
  policyConstraints: readPolicyConstraints,
  inhibitAnyPolicy: readInhibitAnyPolicy,
  cRLDistributionPoints: distributionPoints,
  freshestCRL: distributionPoints,
  authorityInfoAccess: informationAccess,
  subjectInfoAccess: informationAccess,
  tlsFeature: readTlsFeatures,
  relatedCertificate,
  noRevAvail: asItIs,
  ocspNoCheck: asItIs,
});

type Readers = typeof VALUE_READERS;
export type ReadableName = keyof Readers;
export type ValueOf<Name extends ReadableName> = ReturnType<Readers[Name]>;
