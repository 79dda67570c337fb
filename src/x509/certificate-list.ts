/**
 * CertificateList  ::=  SEQUENCE  {
 *      tbsCertList          TBSCertList,
 *      signatureAlgorithm   AlgorithmIdentifier,
 *      signatureValue       BIT STRING  }
 *
 * TBSCertList  ::=  SEQUENCE  {
 *      version                 Version OPTIONAL,                  -- if present, v2
 *      signature               AlgorithmIdentifier,
 *      issuer                  Name,
 *      thisUpdate              Time,
 *      nextUpdate              Time OPTIONAL,
 *      revokedCertificates     SEQUENCE OF SEQUENCE  {
 *           userCertificate         CertificateSerialNumber,
 *           revocationDate          Time,
 *           crlEntryExtensions      Extensions OPTIONAL } OPTIONAL,
 *      crlExtensions           [0] EXPLICIT Extensions OPTIONAL }   -- RFC 5280 §5.1
 *
 * Only complete CRLs are read. A partial CRL is rejected: a certificate that it does not list could still be revoked.
 */

import { oidName, extensionOid } from '../formats/oids.ts';
import { TAG } from '../formats/der/writer.ts';
import type { Der } from '../formats/der/header.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { asBuffer } from '../base/octets.ts';
import { readExtensions, type Extension } from './extensions/extension.ts';
import type { Certificate } from './certificate.ts';

export interface CertificateList {
  readonly der: Der;
  /** TBSCertList as received: the signed octets. */
  readonly tbs: Der;
  /** AlgorithmIdentifier and Name, DER. */
  readonly signatureAlgorithm: Der;
  readonly issuer: Der;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Serial numbers of the revoked certificates: the contents of the INTEGERs, in hexadecimal. */
  readonly serialNumbers: ReadonlySet<string>;
  /** Octets of signatureValue. */
  readonly signature: Uint8Array;
}

type TbsFields = Omit<CertificateList, 'der' | 'tbs' | 'signature'>;

/** Reads one CRL. Throws PkiError invalid-crl. The signature is not verified. */
export function readCertificateList(der: Der): CertificateList {
  const reader = openSequence(der, { name: 'CertificateList', code: 'invalid-crl' });
  const tbs = reader.element('tbsCertList', TAG.sequence).encoding;
  const signatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signatureValue');
  reader.end();
  const fields = readTbs(openSequence(tbs, { name: 'TBSCertList', code: 'invalid-crl' }));
  // RFC 5280 §5.1.1.2: the same algorithm inside and outside, octet for octet
  if (Buffer.compare(fields.signatureAlgorithm, signatureAlgorithm) !== 0) {
    throw reader.fault('signatureAlgorithm', 'differs from the one in tbsCertList');
  }
  return { der, tbs, signature, ...fields };
}

const EXTENSIONS = 0xa0;

function readTbs(reader: StructureReader): TbsFields {
  const isVersion2 = reader.isNext(TAG.integer);
  if (isVersion2 && reader.smallInteger('version') !== 1) throw reader.fault('version', 'must be v2 (1)');
  const fields = {
    signatureAlgorithm: reader.element('signature', TAG.sequence).encoding,
    issuer: reader.element('issuer', TAG.sequence).encoding,
    thisUpdate: reader.time('thisUpdate'),
    // RFC 5280 §5.1.2.5: nextUpdate is required
    nextUpdate: reader.time('nextUpdate'),
    serialNumbers: readEntries(reader.optionalStructure('revokedCertificates', TAG.sequence)),
  };
  const extensions = reader.optionalStructure('crlExtensions', EXTENSIONS);
  reader.end();
  if (extensions === undefined) return fields;
  if (!isVersion2) throw reader.fault('crlExtensions', 'must be absent from a version 1 CRL');
  rejectPartialCrl(reader, readExtensions(extensions.structure('Extensions')));
  extensions.end();
  return fields;
}

function readEntries(list: StructureReader | undefined): ReadonlySet<string> {
  const serialNumbers = new Set<string>();
  if (list === undefined) return serialNumbers;
  while (list.hasMore) {
    const entry = list.structure('entry');
    serialNumbers.add(hexadecimal(entry.integer('userCertificate')));
    // The date is not needed, and reading a time takes longer than the rest of the entry
    entry.element('revocationDate', entry.isNext(TAG.utcTime) ? TAG.utcTime : TAG.generalizedTime);
    const extensions = entry.optionalStructure('crlEntryExtensions', TAG.sequence);
    entry.end();
    // RFC 5280 §5.3: certificateIssuer, for example, means that another CA issued the certificate of this entry
    if (extensions !== undefined) rejectCritical(entry, readExtensions(extensions));
  }
  return serialNumbers;
}

/** RFC 5280 §5.2.4, §5.2.5: a CRL with one of these covers only some certificates of its issuer. */
const PARTIAL: ReadonlySet<string> = new Set([
  extensionOid.deltaCRLIndicator,
  extensionOid.issuingDistributionPoint,
]);

function rejectPartialCrl(reader: StructureReader, extensions: readonly Extension[]): void {
  const partial = extensions.find(({ oid }) => PARTIAL.has(oid));
  if (partial !== undefined) {
    throw reader.fault(
      oidName(partial.oid),
      'means that the CRL is partial; only complete CRLs are supported',
    );
  }
  rejectCritical(reader, extensions);
}

/** RFC 5280 §5.2: a CRL with an unknown critical extension must not be used. */
function rejectCritical(reader: StructureReader, extensions: readonly Extension[]): void {
  const critical = extensions.find((extension) => extension.critical);
  if (critical !== undefined)
    throw reader.fault(oidName(critical.oid), 'is critical, but it is not supported here');
}

const hexadecimal = (octets: Uint8Array): string => asBuffer(octets).toString('hex');

export const isRevoked = ({ serialNumbers }: CertificateList, { serialNumber }: Certificate): boolean =>
  serialNumbers.has(hexadecimal(serialNumber));
