import { hash } from 'node:crypto';
import { hexadecimal } from '../../base/hexadecimal.ts';
import type { Der } from '../../formats/der/header.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { elementOf } from '../../formats/der/reader.ts';
import { contextPrimitive, octetString, sequence, TAG } from '../../formats/der/writer.ts';
import { readGeneralNames, type GeneralName, type OtherGeneralName } from '../names/general-name-encoding.ts';
import { formatGeneralName } from '../names/general-name.ts';
import { formatSerialNumber } from '../serial-number.ts';
import { invalidExtension, openExtension } from './extension.ts';

const IDENTIFIER_LENGTH = 20;

/** Returns the leftmost 160 bits of the SHA-256 of the subjectPublicKey bits (RFC 7093 §2 method 1). */
export const keyIdentifier = (keyBits: Uint8Array): Uint8Array =>
  hash('sha256', keyBits, 'buffer').subarray(0, IDENTIFIER_LENGTH);

/** SubjectKeyIdentifier ::= OCTET STRING (RFC 5280 §4.2.1.2) */
export const encodeSubjectKeyIdentifier = (identifier: Uint8Array): Der => octetString(identifier);

/** Throws PkiError invalid-extension. */
export function readSubjectKeyIdentifier(value: Der): Uint8Array {
  const { tag, contents } = elementOf(value);
  if (tag === TAG.octetString && contents.length > 0) return contents;
  throw invalidExtension('SubjectKeyIdentifier must be an OCTET STRING that is not empty');
}

export const describeSubjectKeyIdentifier = (value: Der): string[] => [
  hexadecimal(readSubjectKeyIdentifier(value)),
];

/**
 * AuthorityKeyIdentifier ::= SEQUENCE {
 *      keyIdentifier             [0] KeyIdentifier           OPTIONAL,
 *      authorityCertIssuer       [1] GeneralNames            OPTIONAL,
 *      authorityCertSerialNumber [2] CertificateSerialNumber OPTIONAL }      -- RFC 5280 §4.2.1.1
 */
export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  /** Empty when absent. */
  readonly issuer: readonly (GeneralName | OtherGeneralName)[];
  /** Contents of the INTEGER. */
  readonly serialNumber: Uint8Array | undefined;
}

/** Writes only keyIdentifier. */
export const encodeAuthorityKeyIdentifier = (identifier: Uint8Array): Der =>
  sequence(contextPrimitive(0, identifier));

/** Throws PkiError invalid-extension or invalid-san. */
export function readAuthorityKeyIdentifier(value: Der): AuthorityKeyIdentifier {
  const reader = openExtension('AuthorityKeyIdentifier', value);
  const identifier = reader.optionalElement('keyIdentifier', 0x80)?.contents;
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
  return { keyIdentifier: identifier, issuer: issuer ? readGeneralNames(issuer) : [], serialNumber };
}

export function describeAuthorityKeyIdentifier(value: Der): string[] {
  const { keyIdentifier: identifier, issuer, serialNumber } = readAuthorityKeyIdentifier(value);
  return [
    ...(identifier ? [hexadecimal(identifier)] : []),
    ...issuer.map((name) => `issuer ${formatGeneralName(name)}`),
    ...(serialNumber ? [`serial number ${formatSerialNumber(serialNumber)}`] : []),
  ];
}
