/**
 * Reads certificates (RFC 5280 §4.1; the ASN.1 is in `certificate-writer.ts`) into views of the received octets and
 * decoded values. The public key is not decoded, so that a key of an unknown algorithm can still be described.
 */

import { asBuffer } from '../base/octets.ts';
import type { Der } from '../formats/der/header.ts';
import { firstMemberAsReceived, type ReceivedValue } from '../formats/der/lenient.ts';
import { STRICT, type Reading } from '../formats/reading.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { readExtensions, type Extension } from './extensions/extension.ts';
import type { Validity } from './validity.ts';

/** The fields of a TBSCertificate. */
export interface TbsCertificate {
  readonly version: number;
  /** Contents of the INTEGER, including the sign octet. */
  readonly serialNumber: Uint8Array;
  /** AlgorithmIdentifier, Names and SubjectPublicKeyInfo, DER. */
  readonly signatureAlgorithm: Der;
  readonly issuer: Der;
  readonly subject: Der;
  readonly subjectPublicKeyInfo: Der;
  readonly validity: Validity;
  /** Contents of the BIT STRING, the octet that counts unused bits included; undefined when absent. */
  readonly issuerUniqueId: Uint8Array | undefined;
  readonly subjectUniqueId: Uint8Array | undefined;
  readonly extensions: readonly Extension[];
}

export interface Certificate extends TbsCertificate {
  /** As received. */
  readonly der: Uint8Array;
  /** TBSCertificate as received: the octets that are signed. */
  readonly tbs: Uint8Array;
  /** AlgorithmIdentifier outside of the signed part, DER: the same as inside, unless the reading tolerates another. */
  readonly outerSignatureAlgorithm: Der;
  /** Octets of signatureValue. */
  readonly signature: Uint8Array;
}

/** Reads one certificate. Throws PkiError. */
export const readCertificate = (der: Der): Certificate => readReceivedCertificate({ received: der, der });

/** {@link readCertificate} for a certificate that may deviate. Throws PkiError. */
export function readReceivedCertificate(value: ReceivedValue, reading: Reading = STRICT): Certificate {
  const reader = openSequence(value.der, { name: 'Certificate', code: 'invalid-certificate', reading });
  const tbs = reader.element('tbsCertificate', TAG.sequence).encoding;
  const outerSignatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signatureValue');
  reader.end();
  const fields = readTbsCertificate(tbs, reading);
  // RFC 5280 §4.1.1.2: the same algorithm inside and outside, octet for octet
  if (Buffer.compare(fields.signatureAlgorithm, outerSignatureAlgorithm) !== 0)
    reader.tolerate('algorithm-mismatch', 'signatureAlgorithm', 'differs from the one in tbsCertificate');
  const tbsAsReceived = firstMemberAsReceived(value);
  return { der: value.received, tbs: tbsAsReceived, outerSignatureAlgorithm, signature, ...fields };
}

/** Reads a TBSCertificate, DER. Throws PkiError. */
export function readTbsCertificate(der: Der, reading: Reading = STRICT): TbsCertificate {
  const reader = openSequence(der, { name: 'TBSCertificate', code: 'invalid-certificate', reading });
  const version = readVersion(reader);
  const fields = {
    version,
    serialNumber: reader.integer('serialNumber'),
    signatureAlgorithm: reader.element('signature', TAG.sequence).encoding,
    issuer: reader.element('issuer', TAG.sequence).encoding,
    validity: readValidity(reader.structure('validity')),
    subject: reader.element('subject', TAG.sequence).encoding,
    subjectPublicKeyInfo: reader.element('subjectPublicKeyInfo', TAG.sequence).encoding,
  };
  const identifiers = readUniqueIdentifiers(reader, version);
  const extensions = readExtensionField(reader, version, reading);
  reader.end();
  return { ...fields, ...identifiers, extensions };
}

const VERSION = 0xa0;
const ISSUER_UNIQUE_ID = 0x81;
const SUBJECT_UNIQUE_ID = 0x82;
const EXTENSIONS = 0xa3;

function readVersion(reader: StructureReader): number {
  const field = reader.optionalStructure('version', VERSION);
  if (field === undefined) return 1;
  const version = versionNumber(field.integer('Version'));
  field.end();
  if (version < 1 || version > 3) reader.tolerate('certificate-version', 'version', VERSIONS);
  // v1 is the DEFAULT, so it must be absent (X.690 §11.5)
  if (version === 1) reader.tolerate('default-value', 'version', VERSIONS);
  return version;
}

const VERSIONS = 'must be absent (v1), 1 (v2) or 2 (v3)';

/** In octets. */
const MAX_VERSION_LENGTH = 6;

/** Version ::= INTEGER { v1(0), v2(1), v3(2) }. An unknown one can be negative or large. */
const versionNumber = (contents: Uint8Array): number =>
  contents.length > 0 && contents.length <= MAX_VERSION_LENGTH
    ? asBuffer(contents).readIntBE(0, contents.length) + 1
    : Number.MAX_SAFE_INTEGER;

/** RFC 5280 §4.1.2.8: only version 2 and 3 may have them. */
function readUniqueIdentifiers(
  reader: StructureReader,
  version: number,
): Pick<TbsCertificate, 'issuerUniqueId' | 'subjectUniqueId'> {
  const issuerUniqueId = reader.optionalElement('issuerUniqueID', ISSUER_UNIQUE_ID)?.contents;
  const subjectUniqueId = reader.optionalElement('subjectUniqueID', SUBJECT_UNIQUE_ID)?.contents;
  if (version > 1 || (issuerUniqueId ?? subjectUniqueId) === undefined)
    return { issuerUniqueId, subjectUniqueId };
  const member = issuerUniqueId === undefined ? 'subjectUniqueID' : 'issuerUniqueID';
  reader.tolerate('certificate-version', member, 'must be absent from a version 1 certificate');
  return { issuerUniqueId, subjectUniqueId };
}

function readValidity(reader: StructureReader): Validity {
  const validity = { notBefore: reader.time('notBefore'), notAfter: reader.time('notAfter') };
  reader.end();
  if (validity.notBefore > validity.notAfter)
    reader.tolerate('validity-order', 'notAfter', 'is before notBefore');
  return validity;
}

function readExtensionField(reader: StructureReader, version: number, reading: Reading): Extension[] {
  const field = reader.optionalStructure('extensions', EXTENSIONS);
  if (field === undefined) return [];
  // RFC 5280 §4.1.2.1
  if (version !== 3)
    reader.tolerate('certificate-version', 'extensions', 'must be absent from a version 1 or 2 certificate');
  const extensions = readExtensions(field.structure('Extensions'), reading);
  field.end();
  return extensions;
}
