/**
 * Reads PKCS #10 certification requests (RFC 2986 §4; the ASN.1 is in `request-writer.ts`) into views of the received
 * octets and decoded values.
 */

import type { Der } from '../formats/der/header.ts';
import { firstMemberAsReceived, type ReceivedValue } from '../formats/der/lenient.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { STRICT, type Reading } from '../formats/reading.ts';
import { readAttributes, type RequestAttributes } from './request-attributes.ts';

/** The fields of a CertificationRequestInfo. */
export interface CertificationRequestInfo extends RequestAttributes {
  /** Name and SubjectPublicKeyInfo, DER. */
  readonly subject: Der;
  readonly subjectPublicKeyInfo: Der;
}

export interface CertificationRequest extends CertificationRequestInfo {
  /** As received. */
  readonly der: Uint8Array;
  /** CertificationRequestInfo as received: the signed octets. */
  readonly info: Uint8Array;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Der;
  /** Octets of signature. */
  readonly signature: Uint8Array;
}

/** Reads one certification request. Throws PkiError. The signature is not verified. */
export const readCertificationRequest = (der: Der): CertificationRequest =>
  readReceivedRequest({ received: der, der });

/** {@link readCertificationRequest} for a request that may deviate. Throws PkiError. */
export function readReceivedRequest(value: ReceivedValue, reading: Reading = STRICT): CertificationRequest {
  const reader = openSequence(value.der, { name: 'CertificationRequest', code: 'invalid-csr', reading });
  const info = reader.element('certificationRequestInfo', TAG.sequence).encoding;
  const signatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signature');
  reader.end();
  const fields = readCertificationRequestInfo(info, reading);
  return {
    der: value.received,
    info: firstMemberAsReceived(value),
    signatureAlgorithm,
    signature,
    ...fields,
  };
}

const ATTRIBUTES = 0xa0;

/** Reads a CertificationRequestInfo, DER. Throws PkiError. */
export function readCertificationRequestInfo(der: Der, reading: Reading = STRICT): CertificationRequestInfo {
  const reader = openSequence(der, { name: 'CertificationRequestInfo', code: 'invalid-csr', reading });
  if (!isVersion1(reader, reading))
    reader.tolerate('request-version', 'version', 'must be 0 (RFC 2986 §4.1)');
  const subject = reader.element('subject', TAG.sequence).encoding;
  const subjectPublicKeyInfo = reader.element('subjectPKInfo', TAG.sequence).encoding;
  const attributes = readAttributeField(reader, reading);
  reader.end();
  return { subject, subjectPublicKeyInfo, ...attributes };
}

/** v1 is 0 (RFC 2986 §4.1). Inspection reads any INTEGER. */
const isVersion1 = (reader: StructureReader, { isInspecting }: Reading): boolean =>
  isInspecting
    ? reader.integer('version').every((octet) => octet === 0)
    : reader.smallInteger('version') === 0;

function readAttributeField(reader: StructureReader, reading: Reading): RequestAttributes {
  if (!reading.isStrict && !reader.hasMore) {
    reader.tolerate('no-attributes', 'attributes', 'is missing');
    return { attributes: [], attributeEncodings: [], extensions: [] };
  }
  return readAttributes(reader.structure('attributes', ATTRIBUTES), reading);
}
