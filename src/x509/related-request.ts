/**
 * The value of the attribute relatedCertRequest of a CSR (RFC 9763 §3.1): the requester has another certificate.
 *
 * RequesterCertificate ::= SEQUENCE {
 *      certID        IssuerAndSerialNumber,
 *      requestTime   BinaryTime,
 *      locationInfo  UniformResourceIdentifiers,
 *      signature     BIT STRING }
 *
 * UniformResourceIdentifiers ::= SEQUENCE SIZE (1..MAX) OF URI        -- URI ::= IA5String
 *
 * BinaryTime ::= INTEGER (0..MAX)        -- seconds since 1970 (RFC 6019 §2)
 *
 * The signature is over the encodings of certID and requestTime, one after the other. It has no AlgorithmIdentifier.
 */

import { rfc3339 } from '../base/clock.ts';
import { asBuffer } from '../base/octets.ts';
import type { Der } from '../formats/der/header.ts';
import { elementOf, membersOf } from '../formats/der/reader.ts';
import { openSequence, type StructureReader } from '../formats/der/structure-reader.ts';
import { bitString, concat, ia5String, sequence, TAG, unsignedInteger } from '../formats/der/writer.ts';
import type { Certificate } from './certificate.ts';
import { describeName } from './description/common-description.ts';
import { formatSerialNumber } from './serial-number.ts';

/** What is signed. */
export interface SignedRelation {
  /** IssuerAndSerialNumber, DER. */
  readonly certId: Der;
  /** BinaryTime, DER. */
  readonly requestTime: Der;
}

export interface RelatedRequest extends SignedRelation {
  readonly time: Date;
  readonly locations: readonly string[];
  /** Octets. */
  readonly signature: Uint8Array;
}

/** IssuerAndSerialNumber ::= SEQUENCE { issuer Name, serialNumber INTEGER } (RFC 5652 §10.2.4) */
export const encodeCertId = ({ issuer, serialNumber }: Pick<Certificate, 'issuer' | 'serialNumber'>): Der =>
  sequence(issuer, unsignedInteger(serialNumber));

/** `time` is rounded down to seconds. */
export const signedRelation = (certificate: Certificate, time: Date): SignedRelation => ({
  certId: encodeCertId(certificate),
  requestTime: unsignedInteger(Math.floor(time.getTime() / 1000)),
});

export const signedOctets = ({ certId, requestTime }: SignedRelation): Uint8Array =>
  concat([certId, requestTime]);

export const encodeRelatedRequest = (
  { certId, requestTime }: SignedRelation,
  locations: readonly string[],
  signature: Uint8Array,
): Der => sequence(certId, requestTime, sequence(...locations.map(ia5String)), bitString(signature));

/** Throws PkiError invalid-csr. */
export function readRelatedRequest(value: Der): RelatedRequest {
  const reader = openSequence(value, { name: 'RequesterCertificate', code: 'invalid-csr' });
  const certId = reader.element('certID', TAG.sequence).encoding;
  const requestTime = reader.element('requestTime', TAG.integer);
  const locations = readLocations(reader.structure('locationInfo'));
  const signature = reader.bitString('signature');
  reader.end();
  const time = timeOf(requestTime.contents);
  if (time === undefined) throw reader.fault('requestTime', 'must be a time in seconds since 1970');
  return { certId, requestTime: requestTime.encoding, time, locations, signature };
}

function readLocations(list: StructureReader): readonly string[] {
  const locations: string[] = [];
  do locations.push(asBuffer(list.element('URI', TAG.ia5String).contents).toString('latin1'));
  while (list.hasMore);
  return locations;
}

/** Without the contents of data: URIs. */
export function describeRelatedRequest(value: Der): string[] {
  const { certId, time, locations } = readRelatedRequest(value);
  const [issuer, serialNumber] = membersOf(elementOf(certId));
  if (issuer === undefined || serialNumber === undefined) return [];
  return [
    `issuer: ${describeName(issuer.encoding)}`,
    `serial number: ${formatSerialNumber(serialNumber.contents)}`,
    `time: ${rfc3339(time)}`,
    ...locations.map((uri) => `location: ${/^data:[^,]*,/.exec(uri)?.[0] ?? uri}`),
  ];
}

/** In octets: the years until 9999 need five. */
const MAX_TIME_LENGTH = 5;

function timeOf(contents: Uint8Array): Date | undefined {
  if (contents.length > MAX_TIME_LENGTH || (contents[0] ?? 0x80) >= 0x80) return undefined;
  return new Date(asBuffer(contents).readUIntBE(0, contents.length) * 1000);
}
