/**
 * TBSCertList  ::=  SEQUENCE  {
 *      version                 Version OPTIONAL,                  -- if present, MUST be v2
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
 * The entries are encoded in batches, so that a list of any length does not hold the event loop.
 */

import { concat, contextConstructed, sequence, time, unsignedInteger } from '../formats/der/writer.ts';
import { entryExtensions, type CrlReason } from './extensions/crl-entry-extensions.ts';

/** One entry of revokedCertificates. */
export interface RevokedCertificate {
  /** The magnitude of the INTEGER, big-endian. */
  readonly serialNumber: Uint8Array;
  readonly revokedAt: Date;
  readonly reason: CrlReason;
  /** When the key is known or suspected to have become invalid (RFC 5280 §5.3.2). */
  readonly invalidFrom?: Date | undefined;
}

/** Every member except the times is DER. */
export interface CertificateListContent {
  readonly signatureAlgorithm: Uint8Array;
  readonly issuer: Uint8Array;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  /** Each part is one or more entries of {@link encodeEntries}. */
  readonly entries: readonly Uint8Array[];
  /** Each is a whole Extension. */
  readonly extensions: readonly Uint8Array[];
}

const VERSION_2 = unsignedInteger(1);

/** Returns the entries one after another. */
export const encodeEntries = (entries: readonly RevokedCertificate[]): Uint8Array =>
  concat(entries.map(encodeEntry));

const encodeEntry = ({ serialNumber, revokedAt, reason, invalidFrom }: RevokedCertificate): Uint8Array =>
  sequence(unsignedInteger(serialNumber), time(revokedAt), ...entryExtensions(reason, invalidFrom));

/** `revokedCertificates` is absent without entries (RFC 5280 §5.1.2.6). */
export function encodeTbsCertList(content: CertificateListContent): Uint8Array {
  const isEmpty = content.entries.every(({ length }) => length === 0);
  return sequence(
    VERSION_2,
    content.signatureAlgorithm,
    content.issuer,
    time(content.thisUpdate),
    time(content.nextUpdate),
    ...(isEmpty ? [] : [sequence(...content.entries)]),
    contextConstructed(0, sequence(...content.extensions)),
  );
}
