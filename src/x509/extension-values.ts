/**
 * Values of the extensions that the service writes and judges, by pkijs. Reading is exact: a value is taken only if
 * writing it again gives the same octets, so that no DEFAULT is spelled out and nothing stands beside (X.690 §11.5).
 */

import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { PkiError } from '../errors.ts';
import { namedBits, octetString } from '../formats/der-writer.ts';

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

const encode = (structure: { toSchema(): asn1js.BaseBlock }): Uint8Array =>
  new Uint8Array(structure.toSchema().toBER());

export const encodeBasicConstraints = ({ cA, pathLength }: BasicConstraints): Uint8Array =>
  encode(
    new pkijs.BasicConstraints({
      cA,
      ...(pathLength === undefined ? {} : { pathLenConstraint: pathLength }),
    }),
  );

export const encodeKeyUsage = (usages: readonly KeyUsage[]): Uint8Array =>
  namedBits(usages.map((usage) => KEY_USAGES.indexOf(usage)));

/** ExtKeyUsageSyntax ::= SEQUENCE SIZE (1..MAX) OF KeyPurposeId; purposes as dotted OIDs. */
export const encodeExtendedKeyUsage = (purposes: readonly string[]): Uint8Array =>
  encode(new pkijs.ExtKeyUsage({ keyPurposes: [...purposes] }));

export const encodeSubjectKeyIdentifier = (identifier: Uint8Array): Uint8Array => octetString(identifier);

/** AuthorityKeyIdentifier with keyIdentifier [0] alone (RFC 5280 §4.2.1.1). */
export const encodeAuthorityKeyIdentifier = (identifier: Uint8Array): Uint8Array =>
  encode(
    new pkijs.AuthorityKeyIdentifier({ keyIdentifier: new asn1js.OctetString({ valueHex: identifier }) }),
  );

const malformed = (extension: string, right: string): PkiError =>
  new PkiError('invalid-extension', `${extension} is malformed: ${right}`);

function parse(extension: string, value: Uint8Array): asn1js.AsnType {
  const { result, offset } = asn1js.fromBER(value);
  if (offset !== value.length) throw malformed(extension, 'its value must be one DER value');
  return result;
}

/** Answers what `read` makes of `value`, when `write` makes the same octets of it again. */
function exactly<T>(
  extension: string,
  value: Uint8Array,
  read: (schema: asn1js.AsnType) => T,
  write: (model: T) => Uint8Array,
): T {
  const schema = parse(extension, value);
  let model: T;
  try {
    model = read(schema);
  } catch {
    throw malformed(extension, 'its value has another structure than RFC 5280 gives it');
  }
  if (Buffer.compare(write(model), value) !== 0) throw malformed(extension, 'its value is not in DER');
  return model;
}

export function readBasicConstraints(value: Uint8Array): BasicConstraints {
  const constraints = exactly(
    'basicConstraints',
    value,
    (schema) => new pkijs.BasicConstraints({ schema }),
    encode,
  );
  const { cA, pathLenConstraint: pathLength } = constraints;
  if (pathLength === undefined) return { cA };
  if (typeof pathLength !== 'number' || pathLength < 0) {
    throw malformed('basicConstraints', 'pathLenConstraint must be a small non-negative INTEGER');
  }
  // RFC 5280 §4.2.1.9: pathLenConstraint stands only beside cA TRUE
  if (!cA) throw malformed('basicConstraints', 'pathLenConstraint stands without cA');
  return { cA, pathLength };
}

export function readKeyUsage(value: Uint8Array): KeyUsage[] {
  const usages = exactly('keyUsage', value, namedBitsOf, encodeKeyUsage);
  // RFC 5280 §4.2.1.3: at least one of the bits
  if (usages.length === 0) throw malformed('keyUsage', 'at least one bit must be set');
  return usages;
}

function namedBitsOf(schema: asn1js.AsnType): KeyUsage[] {
  if (!(schema instanceof asn1js.BitString)) throw new TypeError('a BIT STRING is wanted');
  const octets = schema.valueBlock.valueHexView;
  return KEY_USAGES.filter((_, bit) => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0);
}

/** Dotted OIDs, each once (RFC 5280 §4.2.1.12). */
export function readExtendedKeyUsage(value: Uint8Array): string[] {
  const { keyPurposes } = exactly(
    'extendedKeyUsage',
    value,
    (schema) => new pkijs.ExtKeyUsage({ schema }),
    encode,
  );
  if (keyPurposes.length === 0) throw malformed('extendedKeyUsage', 'it must name at least one purpose');
  if (new Set(keyPurposes).size < keyPurposes.length) {
    throw malformed('extendedKeyUsage', 'it must name each purpose once');
  }
  return keyPurposes;
}

export function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array {
  const schema = parse('subjectKeyIdentifier', value);
  if (!(schema instanceof asn1js.OctetString) || schema.valueBlock.valueHexView.length === 0) {
    throw malformed('subjectKeyIdentifier', 'it must be an OCTET STRING that is not empty');
  }
  return schema.valueBlock.valueHexView.slice();
}

/** The keyIdentifier, if there is one. Issuer and serial number stand only together (RFC 5280 §4.2.1.1). */
export function readAuthorityKeyIdentifier(value: Uint8Array): Uint8Array | undefined {
  const identifier = exactly(
    'authorityKeyIdentifier',
    value,
    (schema) => new pkijs.AuthorityKeyIdentifier({ schema }),
    encode,
  );
  if (
    (identifier.authorityCertIssuer === undefined) !==
    (identifier.authorityCertSerialNumber === undefined)
  ) {
    throw malformed('authorityKeyIdentifier', 'issuer and serial number stand only together');
  }
  return identifier.keyIdentifier?.valueBlock.valueHexView.slice();
}
