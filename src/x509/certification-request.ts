/**
 * Reads PKCS #10 certification requests (RFC 2986 §4; the ASN.1 is in `request-writer.ts`) into views of the received
 * octets and decoded values.
 */

import type { Der } from '../formats/der/header.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { compareEncodings, TAG } from '../formats/der/writer.ts';
import { attributeOid, describeOid } from '../formats/oids.ts';
import { readExtensions, type Extension } from './extensions/extension.ts';

export interface CertificationRequest {
  readonly der: Der;
  /** CertificationRequestInfo as received: the signed octets. */
  readonly info: Der;
  /** Name, SubjectPublicKeyInfo and AlgorithmIdentifier, DER. */
  readonly subject: Der;
  readonly subjectPublicKeyInfo: Der;
  readonly signatureAlgorithm: Der;
  /** Types of the attributes, dotted. Only the value of extensionRequest is kept. */
  readonly attributes: readonly string[];
  /** The requested extensions. */
  readonly extensions: readonly Extension[];
  /** Octets of signature. */
  readonly signature: Uint8Array;
}

/** Reads one certification request, DER. Throws PkiError. The signature is not verified. */
export function readCertificationRequest(der: Der): CertificationRequest {
  const reader = openSequence(der, { name: 'CertificationRequest', code: 'invalid-csr' });
  const info = reader.element('certificationRequestInfo', TAG.sequence).encoding;
  const signatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signature');
  reader.end();
  const fields = readCertificationRequestInfo(info);
  return { der, info, signatureAlgorithm, signature, ...fields };
}

const ATTRIBUTES = 0xa0;

/** The fields of a CertificationRequestInfo. */
export type CertificationRequestInfo = Omit<
  CertificationRequest,
  'der' | 'info' | 'signatureAlgorithm' | 'signature'
>;

/** Reads a CertificationRequestInfo, DER. Throws PkiError. */
export function readCertificationRequestInfo(der: Der): CertificationRequestInfo {
  const reader = openSequence(der, { name: 'CertificationRequestInfo', code: 'invalid-csr' });
  if (reader.smallInteger('version') !== 0) throw reader.fault('version', 'must be 0 (RFC 2986 §4.1)');
  const subject = reader.element('subject', TAG.sequence).encoding;
  const subjectPublicKeyInfo = reader.element('subjectPKInfo', TAG.sequence).encoding;
  const attributes = readAttributes(reader.structure('attributes', ATTRIBUTES));
  reader.end();
  return { subject, subjectPublicKeyInfo, ...attributes };
}

/** SET OF Attribute under an IMPLICIT tag, so the DER check does not know that the elements must ascend. */
function readAttributes(list: StructureReader): Pick<CertificationRequestInfo, 'attributes' | 'extensions'> {
  const attributes = new Map<string, Attribute>();
  let previous: Der | undefined;
  while (list.hasMore) {
    const attribute = readAttribute(list.element('Attribute', TAG.sequence).encoding);
    const { type, encoding } = attribute;
    if (previous !== undefined && compareEncodings(previous, encoding) > 0) {
      throw list.error('The attributes must be in the ascending order of a SET OF (X.690 §11.6)');
    }
    if (attributes.has(type)) throw list.error(`The attribute ${describeOid(type)} must not occur twice`);
    attributes.set(type, attribute);
    previous = encoding;
  }
  return {
    attributes: [...attributes.keys()],
    extensions: attributes.get(attributeOid.extensionRequest)?.extensions ?? [],
  };
}

interface Attribute {
  readonly type: string;
  readonly encoding: Der;
  /** Empty unless the attribute is extensionRequest. */
  readonly extensions: readonly Extension[];
}

/** Attribute ::= SEQUENCE { type OBJECT IDENTIFIER, values SET SIZE (1..MAX) OF ANY } */
function readAttribute(encoding: Der): Attribute {
  const reader = openSequence(encoding, { name: 'Attribute', code: 'invalid-csr' });
  const type = reader.oid('type');
  const values = reader.structure('values', TAG.set);
  reader.end();
  if (!values.hasMore) throw reader.fault('values', 'must not be empty');
  if (type !== attributeOid.extensionRequest) return { type, encoding, extensions: [] };
  const extensions = readExtensions(values.structure('Extensions'));
  // RFC 2985 §5.4.2: extensionRequest is single-valued
  values.end();
  return { type, encoding, extensions };
}
