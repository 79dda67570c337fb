/** Whether a CSR proves that its requester has the related certificate (RFC 9763 §3.2). */

import { atMember, PkiError } from '../base/errors.ts';
import { attributeOid, extendedKeyUsageOid, extensionOid, oidName } from '../formats/oids.ts';
import type { Reading } from '../formats/reading.ts';
import type { Keys, PublicKey } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { signatureAlgorithmsOf } from '../keys/signature-algorithms.ts';
import type { Certificate } from '../x509/certificate.ts';
import type { CertificationRequest } from '../x509/certification-request.ts';
import { extensionValue } from '../x509/extensions/extension.ts';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.ts';
import { readKeyUsage } from '../x509/extensions/key-usage.ts';
import {
  encodeCertId,
  readRelatedRequest,
  signedOctets,
  type RelatedRequest,
} from '../x509/related-request.ts';
import { attributeValues } from '../x509/request-attributes.ts';
import type { IssuanceNote } from './issuance-notes.ts';
import type { Profile } from './profile.ts';
import { checkRelated, unsuitable } from './related-request.ts';

const HOUR = 3_600_000;

/** RFC 9763 §3.2 leaves the window to the CA: a day for the CSR to arrive, and five minutes for a clock that is ahead. */
const OLDEST = 24 * HOUR;
const NEWEST = HOUR / 12;

export interface RelatedProof {
  readonly request: CertificationRequest;
  readonly related: Certificate;
  /** Name, DER, of the new certificate. */
  readonly subject: Uint8Array;
  /** Of the new certificate. */
  readonly profile: Profile;
  readonly now: Date;
  /** Of the related certificate. */
  readonly reading: Reading;
}

/** Throws PkiError at `request` or `relatedCertificate`. */
export async function checkRelatedProof(keys: Keys, proof: RelatedProof): Promise<void> {
  const requested = relatedRequestOf(proof.request);
  const key = atMember('relatedCertificate', () => checkCertificate(requested, proof));
  checkTime(requested.time, proof.now);
  if (await isSigned(keys, requested, key)) return;
  throw notProved('relatedCertRequest of the CSR is not signed by the key of the related certificate');
}

/** What the caller should know when no related certificate was given. */
export const relationNotes = ({ attributes }: CertificationRequest): readonly IssuanceNote[] =>
  attributes.includes(attributeOid.relatedCertRequest) ? [IGNORED] : [];

const IGNORED: IssuanceNote = Object.freeze<IssuanceNote>({
  code: 'related-request-ignored',
  message:
    'The CSR names a related certificate (RFC 9763), which was not given, so the new certificate is not bound to it',
  path: ['request'],
});

/** Returns its key. */
function checkCertificate({ certId }: RelatedRequest, proof: RelatedProof): PublicKey {
  const { related, profile, reading } = proof;
  if (Buffer.compare(certId, encodeCertId(related)) !== 0)
    throw unsuitable(
      'relatedCertRequest of the CSR names another certificate, by its issuer or serial number',
    );
  // RFC 9763 §4.1: the extension is for end entities
  if (profile.isCa) throw unsuitable('A CA certificate cannot be bound to it (RFC 9763)');
  checkRelated(related, proof);
  checkUsages(related, profile, reading);
  return readPublicKey(related.subjectPublicKeyInfo, reading);
}

function relatedRequestOf({ attributeEncodings }: CertificationRequest): RelatedRequest {
  const [value, ...others] = attributeValues(attributeEncodings, attributeOid.relatedCertRequest);
  if (value === undefined) throw new PkiError('invalid-csr', NO_REQUEST, ['relatedCertificate']);
  return atMember('request', () => {
    if (others.length > 0)
      throw new PkiError('invalid-csr', 'relatedCertRequest must have one value (RFC 9763 §3.1)');
    return readRelatedRequest(value.encoding);
  });
}

const NO_REQUEST = 'It needs a CSR with relatedCertRequest (RFC 9763 §3.1), as csr/generate makes';

const notProved = (sentence: string): PkiError =>
  new PkiError('proof-of-possession-failed', sentence, ['request']);

function checkTime(time: Date, now: Date): void {
  const age = now.getTime() - time.getTime();
  if (age >= -NEWEST && age <= OLDEST) return;
  throw notProved(
    `requestTime of relatedCertRequest must be at most 24 hours before now and 5 minutes after, got ${time.toISOString()}`,
  );
}

/** §3.2: the related certificate can be used for what the new one can be used for. An absent extension is no limit. */
function checkUsages({ extensions }: Certificate, profile: Profile, reading: Reading): void {
  const usage = extensionValue(extensions, extensionOid.keyUsage);
  const usages: readonly string[] = usage === undefined ? profile.keyUsage : readKeyUsage(usage, reading);
  requireAll('keyUsage', profile.keyUsage, usages);
  const value = extensionValue(extensions, extensionOid.extendedKeyUsage);
  const purposes = value === undefined ? profile.extendedKeyUsage : readExtendedKeyUsage(value);
  if (purposes.includes(extendedKeyUsageOid.anyExtendedKeyUsage)) return;
  requireAll('extendedKeyUsage', profile.extendedKeyUsage.map(oidName), purposes.map(oidName));
}

function requireAll(extension: string, expected: readonly string[], actual: readonly string[]): void {
  const missing = expected.filter((name) => !actual.includes(name));
  if (missing.length === 0) return;
  throw unsuitable(
    `Its ${extension} must include that of the new certificate: it lacks ${missing.join(', ')}`,
  );
}

/** Which hash the signature has is not written anywhere, so each that the key can sign with is tried. */
async function isSigned(keys: Keys, requested: RelatedRequest, key: PublicKey): Promise<boolean> {
  const message = signedOctets(requested);
  for (const algorithm of signatureAlgorithmsOf(key))
    if (await keys.verify(key, algorithm, message, requested.signature)) return true;
  return false;
}
