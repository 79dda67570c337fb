/**
 * Values of extensions. pkijs encodes the values that are encoded once and kept. Every reader reads member by member, so
 * that no DEFAULT value and no unknown member is accepted; it throws PkiError invalid-der or invalid-extension.
 */

import type * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { PkiError } from '../../base/errors.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { checkDer } from '../../formats/der/strict.ts';
import { contextPrimitive, namedBits, octetString, sequence, TAG } from '../../formats/der/writer.ts';
import { openSequence, type StructureReader } from '../../formats/der/structure-reader.ts';
import { readGeneralNames, type GeneralName, type OtherGeneralName } from '../names/general-name-encoding.ts';

/** KeyUsage ::= BIT STRING, in the order of its bits (RFC 5280 §4.2.1.3). */
export const KEY_USAGES = [
  'digitalSignature',
  'nonRepudiation',
  'keyEncipherment',
  'dataEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
  'encipherOnly',
  'decipherOnly',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

/** BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER (0..MAX) OPTIONAL } */
export interface BasicConstraints {
  readonly cA: boolean;
  readonly pathLength?: number | undefined;
}

const encode = (structure: { toSchema(): asn1js.BaseBlock }): Der =>
  checkDer(new Uint8Array(structure.toSchema().toBER()));

export const encodeBasicConstraints = ({ cA, pathLength }: BasicConstraints): Der =>
  encode(
    new pkijs.BasicConstraints({
      cA,
      ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
    }),
  );

export const encodeKeyUsage = (usages: readonly KeyUsage[]): Der =>
  namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage)));

/** ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId; purposes as dotted OIDs. */
export const encodeExtendedKeyUsage = (purposes: readonly string[]): Der =>
  encode(new pkijs.ExtKeyUsage({ keyPurposes: [...purposes] }));

export const encodeSubjectKeyIdentifier = (identifier: Uint8Array): Der => octetString(identifier);

/** AuthorityKeyIdentifier with keyIdentifier [0] alone (RFC 5280 §4.2.1.1). */
export const encodeAuthorityKeyIdentifier = (identifier: Uint8Array): Der =>
  sequence(contextPrimitive(0, identifier));

const malformed = (sentence: string): PkiError => new PkiError('invalid-extension', sentence);

const open = (name: string, value: Der): StructureReader =>
  openSequence(value, { name, code: 'invalid-extension' });

export function readBasicConstraints(value: Der): BasicConstraints {
  const reader = open('BasicConstraints', value);
  const cA = reader.defaultFalse('cA');
  if (!reader.hasMore) return { cA };
  const pathLength = reader.smallInteger('pathLenConstraint');
  reader.end();
  // RFC 5280 §4.2.1.9
  if (!cA) throw reader.fault('pathLenConstraint', 'must be absent when cA is FALSE');
  return { cA, pathLength };
}

export function readKeyUsage(value: Der): KeyUsage[] {
  const [, ...octets] = elementOf(value).contents;
  const usages = KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
  // X.690 §11.2.2: trailing zero bits are omitted
  if (Buffer.compare(encodeKeyUsage(usages), value) !== 0)
    throw malformed('KeyUsage must be a BIT STRING of the nine bits of RFC 5280 without trailing zero bits');
  // RFC 5280 §4.2.1.3
  if (usages.length === 0) throw malformed('KeyUsage must have at least one bit set');
  return usages;
}

/** Dotted OIDs, each once (RFC 5280 §4.2.1.12). */
export function readExtendedKeyUsage(value: Der): string[] {
  const reader = open('ExtKeyUsageSyntax', value);
  const purposes: string[] = [];
  do purposes.push(reader.oid('KeyPurposeId'));
  while (reader.hasMore);
  if (new Set(purposes).size < purposes.length)
    throw malformed('ExtKeyUsageSyntax must contain each purpose once');
  return purposes;
}

export function readSubjectKeyIdentifier(value: Der): Uint8Array {
  const { tag, contents } = elementOf(value);
  if (tag === TAG.octetString && contents.length > 0) return contents;
  throw malformed('SubjectKeyIdentifier must be an OCTET STRING that is not empty');
}

/** AuthorityKeyIdentifier (RFC 5280 §4.2.1.1), every member optional. */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  /** Empty when absent. */
  readonly issuer: readonly (GeneralName | OtherGeneralName)[];
  /** Contents of the INTEGER. */
  readonly serialNumber: Uint8Array | undefined;
}

export function readAuthorityKeyIdentifier(value: Der): AuthorityKeyIdentifier {
  const reader = open('AuthorityKeyIdentifier', value);
  const keyIdentifier = reader.optionalElement('keyIdentifier', 0x80)?.contents;
  const issuer = reader.optionalElement('authorityCertIssuer', 0xa1);
  const serialNumber = reader.optionalElement('authorityCertSerialNumber', 0x82)?.contents;
  reader.end();
  if ((issuer === undefined) !== (serialNumber === undefined))
    throw reader.error(
      'AuthorityKeyIdentifier must have authorityCertIssuer and authorityCertSerialNumber together',
    );
  // IMPLICIT tag: the DER check does not know that this is an INTEGER
  if (serialNumber !== undefined && primitiveFault(TAG.integer, serialNumber) !== undefined)
    throw reader.fault('authorityCertSerialNumber', 'must be a valid INTEGER');
  return { keyIdentifier, issuer: issuer ? readGeneralNames(issuer) : [], serialNumber };
}
