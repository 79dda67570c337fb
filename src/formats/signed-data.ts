/**
 * Reads and writes the certificates of a PKCS #7 file without signatures ("certs-only": RFC 5652 §5.1, RFC 2315 §9.1).
 *
 * ContentInfo ::= SEQUENCE {
 *      contentType      OBJECT IDENTIFIER,
 *      content      [0] EXPLICIT ANY DEFINED BY contentType }
 *
 * SignedData ::= SEQUENCE {
 *      version          INTEGER,
 *      digestAlgorithms SET OF DigestAlgorithmIdentifier,
 *      encapContentInfo EncapsulatedContentInfo,
 *      certificates [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
 *      crls         [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
 *      signerInfos      SET OF SignerInfo }
 */

import type { Der } from './der/header.ts';
import { openSequence, type StructureReader } from './der/structure-reader.ts';
import {
  compareEncodings,
  contextConstructed,
  objectIdentifier,
  sequence,
  setOf,
  TAG,
  unsignedInteger,
} from './der/writer.ts';
import { pkcs12Oid } from './encryption/oids.ts';
import { describeOid, SIGNED_DATA } from './oids.ts';

const CONTENT = 0xa0;
const CERTIFICATES = 0xa0;
const CRLS = 0xa1;

/** Returns the certificates in their order, DER, each unread. Throws PkiError invalid-encoding. */
export function readCertificatesOnly(contentInfo: Der): Der[] {
  const reader = openSequence(contentInfo, { name: 'PKCS7', code: 'invalid-encoding' });
  const type = reader.oid('contentType');
  if (type !== SIGNED_DATA)
    throw reader.fault('contentType', `must be signedData (${SIGNED_DATA}), not ${describeOid(type)}`);
  const content = reader.structure('content', CONTENT);
  reader.end();
  const certificates = readSignedData(content.structure('SignedData'));
  content.end();
  return certificates;
}

function readSignedData(reader: StructureReader): Der[] {
  reader.integer('version');
  reader.element('digestAlgorithms', TAG.set);
  reader.element('encapContentInfo', TAG.sequence);
  const list = reader.optionalStructure('certificates', CERTIFICATES);
  reader.optionalElement('crls', CRLS);
  const signerInfos = reader.structure('signerInfos', TAG.set);
  reader.end();
  if (signerInfos.hasMore) throw reader.fault('signerInfos', 'must be empty: only certificates are read');
  const certificates: Der[] = [];
  if (list === undefined) return certificates;
  while (list.hasMore) certificates.push(list.element('Certificate', TAG.sequence).encoding);
  return certificates;
}

/** Returns a ContentInfo. Its certificates are a SET, so they are in the order of DER (X.690 §11.6), not in that of a path. */
export const encodeCertificatesOnly = (certificates: readonly Uint8Array[]): Der =>
  sequence(
    objectIdentifier(SIGNED_DATA),
    contextConstructed(
      0,
      sequence(
        unsignedInteger(1),
        setOf(),
        sequence(objectIdentifier(pkcs12Oid.data)),
        contextConstructed(0, ...certificates.toSorted(compareEncodings)),
        setOf(),
      ),
    ),
  );
