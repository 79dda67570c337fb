/**
 * Certificates as they are read (RFC 5280 §4.1; the ASN.1 stands in `certificate-writer.ts`): views of the received
 * octets beside what they mean. The key is left as it came, so that one of an unknown algorithm can still be shown.
 */

import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { TAG } from '../formats/der/writer.ts';
import { readExtensions } from './extensions/extension-reader.ts';
import type { Extension } from './extensions/extension.ts';
import type { Validity } from './validity.ts';

export interface Certificate {
  readonly der: Uint8Array;
  /** TBSCertificate as received: what the signature is over. */
  readonly tbs: Uint8Array;
  readonly version: number;
  /** Contents of the INTEGER, sign octet included. */
  readonly serialNumber: Uint8Array;
  /** AlgorithmIdentifier, Names and SubjectPublicKeyInfo, DER. */
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  readonly subjectPublicKeyInfo: Uint8Array;
  readonly validity: Validity;
  readonly extensions: readonly Extension[];
  /** Octets of signatureValue. */
  readonly signature: Uint8Array;
}

type TbsFields = Omit<Certificate, 'der' | 'tbs' | 'signature'>;

/** Reads one certificate, DER. Throws PkiError. */
export function readCertificate(der: Uint8Array): Certificate {
  const reader = openSequence(der, { name: 'Certificate', code: 'invalid-certificate' });
  const tbs = reader.element('tbsCertificate', TAG.sequence).encoding;
  const signatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signatureValue');
  reader.end();
  const fields = readTbs(openSequence(tbs, { name: 'TBSCertificate', code: 'invalid-certificate' }));
  // RFC 5280 §4.1.1.2: the same algorithm inside and outside, octet for octet
  if (Buffer.compare(fields.signatureAlgorithm, signatureAlgorithm) !== 0) {
    throw reader.fault('signatureAlgorithm', 'differs from the one inside tbsCertificate');
  }
  return { der, tbs, signature, ...fields };
}

function readTbs(reader: StructureReader): TbsFields {
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
  readUniqueIdentifiers(reader, version);
  const extensions = readExtensionField(reader, version);
  reader.end();
  return { ...fields, extensions };
}

const VERSION = 0xa0;
const ISSUER_UNIQUE_ID = 0x81;
const SUBJECT_UNIQUE_ID = 0x82;
const EXTENSIONS = 0xa3;

function readVersion(reader: StructureReader): number {
  const field = reader.optionalStructure('version', VERSION);
  if (field === undefined) return 1;
  const version = field.smallInteger('Version') + 1;
  field.end();
  // v1 is the DEFAULT, so it is left out (X.690 §11.5)
  if (version !== 2 && version !== 3)
    throw reader.fault('version', 'must be v2 (1) or v3 (2) where it is given');
  return version;
}

/** Read over: RFC 5280 §4.1.2.8 has them in no certificate, and knows them from version 2 on. */
function readUniqueIdentifiers(reader: StructureReader, version: number): void {
  const first = reader.optionalElement('issuerUniqueID', ISSUER_UNIQUE_ID);
  const second = reader.optionalElement('subjectUniqueID', SUBJECT_UNIQUE_ID);
  if (version === 1 && (first ?? second) !== undefined)
    throw reader.fault('issuerUniqueID', 'and subjectUniqueID stand in no version 1 certificate');
}

function readValidity(reader: StructureReader): Validity {
  const validity = { notBefore: reader.time('notBefore'), notAfter: reader.time('notAfter') };
  reader.end();
  if (validity.notBefore > validity.notAfter) throw reader.fault('notAfter', 'lies before notBefore');
  return validity;
}

function readExtensionField(reader: StructureReader, version: number): Extension[] {
  const field = reader.optionalStructure('extensions', EXTENSIONS);
  if (field === undefined) return [];
  // RFC 5280 §4.1.2.1
  if (version !== 3) throw reader.fault('extensions', 'stand only in a version 3 certificate');
  const extensions = readExtensions(field.structure('Extensions'));
  field.end();
  return extensions;
}
