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
 * Lists that tell of all certificates of their issuer: whoever takes a list of another kind for one of these takes what
 * it leaves out for good.
 */

import { oidName, extensionOid } from '../formats/oids.ts';
import { TAG } from '../formats/der/writer.ts';
import { openSequence, StructureReader } from '../formats/der/structure-reader.ts';
import { asBuffer } from '../base/octets.ts';
import { readExtensions } from './extensions/extension-reader.ts';
import type { Certificate } from './certificate.ts';
import type { Extension } from './extensions/extension.ts';

export interface CertificateList {
  readonly der: Uint8Array;
  /** TBSCertList as received: what the signature is over. */
  readonly tbs: Uint8Array;
  /** AlgorithmIdentifier and Name, DER. */
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Of what is revoked: contents of the INTEGERs, in hexadecimal. */
  readonly serialNumbers: ReadonlySet<string>;
  /** Octets of signatureValue. */
  readonly signature: Uint8Array;
}

type TbsFields = Omit<CertificateList, 'der' | 'tbs' | 'signature'>;

/** A quarter of a million entries with a reason each. */
const MAX_VALUES = 2_000_000;

/** Reads one list, DER. Throws PkiError. Whether its signature holds is a question of its own. */
export function readCertificateList(der: Uint8Array): CertificateList {
  const reader = openSequence(der, { name: 'CertificateList', code: 'invalid-crl', maxValues: MAX_VALUES });
  const { encoding: tbs, contents } = reader.element('tbsCertList', TAG.sequence);
  const signatureAlgorithm = reader.element('signatureAlgorithm', TAG.sequence).encoding;
  const signature = reader.bitString('signatureValue');
  reader.end();
  const fields = readTbs(new StructureReader(contents, { name: 'TBSCertList', code: 'invalid-crl' }));
  // RFC 5280 §5.1.1.2: the same algorithm inside and outside, octet for octet
  if (Buffer.compare(fields.signatureAlgorithm, signatureAlgorithm) !== 0) {
    throw reader.fault('signatureAlgorithm', 'differs from the one inside tbsCertList');
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
    // RFC 5280 §5.1.2.5: every list says when the next one comes
    nextUpdate: reader.time('nextUpdate'),
    serialNumbers: readEntries(reader.optionalStructure('revokedCertificates', TAG.sequence)),
  };
  const extensions = reader.optionalStructure('crlExtensions', EXTENSIONS);
  reader.end();
  if (extensions === undefined) return fields;
  if (!isVersion2) throw reader.fault('crlExtensions', 'stand only in a version 2 list');
  refuseParts(reader, readExtensions(extensions.structure('Extensions')));
  extensions.end();
  return fields;
}

function readEntries(list: StructureReader | undefined): ReadonlySet<string> {
  const serialNumbers = new Set<string>();
  if (list === undefined) return serialNumbers;
  while (list.hasMore) {
    const entry = list.structure('entry');
    serialNumbers.add(hexadecimal(entry.integer('userCertificate')));
    // Nobody asks since when, and to read a time costs more than all the rest of an entry
    entry.element('revocationDate', entry.isNext(TAG.utcTime) ? TAG.utcTime : TAG.generalizedTime);
    const extensions = entry.optionalStructure('crlEntryExtensions', TAG.sequence);
    entry.end();
    // RFC 5280 §5.3: such as certificateIssuer, with which the entry is about a certificate of somebody else
    if (extensions !== undefined) refuseCritical(entry, readExtensions(extensions));
  }
  return serialNumbers;
}

/** RFC 5280 §5.2.4 and §5.2.5: of some certificates of the issuer alone, whatever is critical. */
const PARTIAL: ReadonlySet<string> = new Set([
  extensionOid.deltaCRLIndicator,
  extensionOid.issuingDistributionPoint,
]);

function refuseParts(reader: StructureReader, extensions: readonly Extension[]): void {
  const partial = extensions.find(({ oid }) => PARTIAL.has(oid));
  if (partial !== undefined) {
    throw reader.fault(oidName(partial.oid), 'is that of a partial list; only complete ones are read');
  }
  refuseCritical(reader, extensions);
}

/** RFC 5280 §5.2: what is critical and not understood must be refused. */
function refuseCritical(reader: StructureReader, extensions: readonly Extension[]): void {
  const critical = extensions.find((extension) => extension.critical);
  if (critical !== undefined) throw reader.fault(oidName(critical.oid), 'is critical and not known here');
}

const hexadecimal = (octets: Uint8Array): string => asBuffer(octets).toString('hex');

export const isRevoked = ({ serialNumbers }: CertificateList, { serialNumber }: Certificate): boolean =>
  serialNumbers.has(hexadecimal(serialNumber));
