/** A CRL in words, for people. */

import { hash } from 'node:crypto';
import { ifReadable, PkiError } from '../../../base/errors.ts';
import { hexadecimal } from '../../../base/hexadecimal.ts';
import { describeAlgorithm } from '../../../formats/describe-algorithm.ts';
import { elementAt } from '../../../formats/der/reader.ts';
import type { Der } from '../../../formats/der/header.ts';
import { knownExtensionOid } from '../../../formats/known-oids.ts';
import { extensionOid } from '../../../formats/oids.ts';
import type { Reading } from '../../../formats/reading.ts';
import type { Keys } from '../../../keys/key.ts';
import { readPublicKey } from '../../../keys/public-key.ts';
import type { Certificate } from '../../certificate.ts';
import { describeExtension } from '../../extensions/describe-extension.ts';
import { describeValue } from '../../extensions/descriptions.ts';
import { extensionValue, type Extension } from '../../extensions/extension.ts';
import { isSameName } from '../../names/comparison.ts';
import { decodeDistinguishedName } from '../../names/distinguished-name.ts';
import { formatSerialNumber } from '../../serial-number.ts';
import { describeName } from '../common-description.ts';
import type { ExtensionDescription } from '../description.ts';
import { entriesOf, readEntry, type CrlEntry, type ReceivedCrl } from './received-crl.ts';

export interface CrlDescription {
  readonly version: number;
  readonly issuer: string;
  readonly signatureAlgorithm: string;
  readonly signatureParameters: readonly string[];
  /** Invalid Dates for times that cannot be read. */
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  /** Decimal, or hexadecimal with 0x. */
  readonly crlNumber: string | undefined;
  readonly authorityKeyIdentifier: string | undefined;
  /** RFC 5280 §5.2.4. */
  readonly isDelta: boolean;
  readonly extensions: readonly ExtensionDescription[];
  readonly fingerprints: { readonly sha1: string; readonly sha256: string };
  readonly sizes: { readonly der: number; readonly signature: number };
}

export interface EntryDescription {
  readonly serialNumber: string;
  readonly revokedAt: Date;
  readonly reason: string | undefined;
  /** Without the reason. */
  readonly extensions: readonly ExtensionDescription[];
}

export interface EntryPage {
  readonly total: number;
  readonly entries: readonly EntryDescription[];
}

export function describeCrl(crl: ReceivedCrl, reading: Reading): CrlDescription {
  const { name, parameters } = describeAlgorithm(crl.signatureAlgorithm);
  const line = (oid: string): string | undefined => firstLine(crl.extensions, oid);
  return {
    version: crl.version,
    issuer: describeName(crl.issuer, reading),
    signatureAlgorithm: name,
    signatureParameters: parameters,
    thisUpdate: crl.thisUpdate,
    nextUpdate: crl.nextUpdate,
    crlNumber: line(knownExtensionOid.cRLNumber),
    authorityKeyIdentifier: line(extensionOid.authorityKeyIdentifier),
    isDelta: crl.extensions.some(({ oid }) => oid === extensionOid.deltaCRLIndicator),
    extensions: crl.extensions.map(describeExtension),
    fingerprints: { sha1: fingerprint('sha1', crl.received), sha256: fingerprint('sha256', crl.received) },
    sizes: { der: crl.received.length, signature: crl.signature.length },
  };
}

const fingerprint = (digest: string, octets: Uint8Array): string =>
  hexadecimal(hash(digest, octets, 'buffer'));

const firstLine = (extensions: readonly Extension[], oid: string): string | undefined =>
  ifReadable(() => {
    const value = extensionValue(extensions, oid);
    return value && describeValue(oid, value)?.[0];
  });

/** Describes the entries from `offset`, at most `limit` of them, and counts all. */
export function describeEntries(
  crl: ReceivedCrl,
  { offset, limit }: { readonly offset: number; readonly limit: number },
  reading: Reading,
): EntryPage {
  const entries: EntryDescription[] = [];
  let total = 0;
  for (const entry of entriesOf(crl)) {
    if (total >= offset && total < offset + limit) entries.push(describeEntry(readEntry(entry, reading)));
    total += 1;
  }
  return { total, entries };
}

/** `serialNumber` are the contents of an INTEGER. Returns undefined when it is not listed. */
export function findEntry(
  crl: ReceivedCrl,
  serialNumber: Uint8Array,
  reading: Reading,
): EntryDescription | undefined {
  for (const entry of entriesOf(crl))
    if (Buffer.compare(serialOf(entry), serialNumber) === 0) return describeEntry(readEntry(entry, reading));
  return undefined;
}

/** The first member of an entry. */
const serialOf = (entry: Der): Uint8Array => elementAt(elementAt(entry, 0).contents, 0).contents;

/** In octets: a longer number is shown by its beginning. */
const MAX_SERIAL = 64;

const describeEntry = ({ serialNumber, revokedAt, extensions }: CrlEntry): EntryDescription => ({
  serialNumber: formatSerialNumber(serialNumber.subarray(0, MAX_SERIAL)),
  revokedAt,
  reason: firstLine(extensions, knownExtensionOid.cRLReasons),
  extensions: extensions.filter(({ oid }) => oid !== knownExtensionOid.cRLReasons).map(describeExtension),
});

/** Who signed a CRL. */
export interface CrlSignature {
  /** Null: no certificate has the name of the issuer, or the algorithm is not supported. */
  readonly isValid: boolean | null;
  /** Subject of the certificate whose key verified it. */
  readonly signer: string | undefined;
  /** Why it is not valid. */
  readonly message: string | undefined;
}

/** Verifies the signature with the certificate that has the name of the issuer (RFC 5280 §6.3.3 f, g). */
export async function verifyCrl(
  keys: Keys,
  crl: ReceivedCrl,
  issuers: readonly Certificate[],
  reading: Reading,
): Promise<CrlSignature> {
  if (Buffer.compare(crl.signatureAlgorithm, crl.outerSignatureAlgorithm) !== 0)
    return invalid(false, 'The algorithms inside and outside of the signed part differ (RFC 5280 §5.1.1.2)');
  const candidates = issuers.filter(({ subject }) => isName(subject, crl.issuer));
  if (candidates.length === 0)
    return invalid(null, 'No certificate has the issuer of the CRL as its subject');
  let message = 'The key of the certificate does not verify the signature';
  let isUnsupported = true;
  for (const { subject, subjectPublicKeyInfo } of candidates) {
    try {
      const key = readPublicKey(subjectPublicKeyInfo, reading);
      if (await keys.verify(key, crl.signatureAlgorithm, crl.tbs, crl.signature, reading))
        return { isValid: true, signer: describeName(subject, reading), message: undefined };
      isUnsupported = false;
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      message = error.message;
    }
  }
  return invalid(isUnsupported ? null : false, message);
}

const invalid = (isValid: false | null, message: string): CrlSignature => ({
  isValid,
  signer: undefined,
  message,
});

const isName = (a: Der, b: Der): boolean =>
  Buffer.compare(a, b) === 0 ||
  (ifReadable(() => isSameName(decodeDistinguishedName(a), decodeDistinguishedName(b))) ?? false);
