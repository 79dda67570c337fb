/** A CA: its certificate and the signer of its key, checked before anything is signed (RFC 5280 §6.1.4). */

import { atMember, atMemberAsync, PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';
import { extensionOid } from '../formats/oids.ts';
import type { Reading } from '../formats/reading.ts';
import type { Keys, PublicKey, Signer } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { rejectWeakKey } from '../keys/weak-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { unknownCriticalExtension, extensionValue } from '../x509/extensions/extension.ts';
import { readSubjectKeyIdentifier, keyIdentifier } from '../x509/extensions/key-identifiers.ts';
import { readKeyUsage } from '../x509/extensions/key-usage.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { unreadableAttribute } from '../x509/names/issuer-name.ts';
import { completePath, limitsOf, type IssuingPath, type PathLimits } from '../x509/path/issuing-path.ts';
import { isSelfSigned, isSignedBy } from '../x509/path/link.ts';
import { basicConstraintsOf } from '../x509/path/path-validation.ts';
import { requirePolicies } from '../x509/path/policies.ts';
import type { IssuanceContext } from './issuance-context.ts';
import { chooseIssuer, choiceNotes, distinctCertificates, hasKey } from './issuer-choice.ts';
import type { Profile } from './profile.ts';
import { fitPurposes, type FittedProfile } from './purposes.ts';

export interface AuthorityInput {
  /** The certificate of the CA and, in any order, those of CAs above it; at least one. */
  readonly certificates: readonly Certificate[];
  readonly signer: Signer;
}

/** What the CA is about to issue. */
export interface IntendedIssuance {
  readonly profile: Profile;
  /** Whether the caller selected neither a profile nor usages, so that the CA can narrow the purposes. */
  readonly isDefaultProfile: boolean;
  /** Dotted OIDs. */
  readonly policies: readonly string[];
  readonly now: Date;
  /** Of the CA. */
  readonly reading: Reading;
}

export interface Authority extends PathLimits, FittedProfile {
  readonly certificate: Certificate;
  readonly signer: Signer;
  /** The key in the certificate. */
  readonly publicKey: PublicKey;
  /** `certificate`, and those above it that were given. */
  readonly path: IssuingPath;
  /** Its subjectKeyIdentifier, octet for octet: the authorityKeyIdentifier of what it issues (RFC 5280 §4.2.1.1). */
  readonly keyIdentifier: Uint8Array;
}

/** Throws PkiError at `certificate` or `signer`. */
export async function checkAuthority(
  { keys, blocklist }: IssuanceContext,
  { certificates, signer }: AuthorityInput,
  issuance: IntendedIssuance,
): Promise<Authority> {
  const { now, profile, policies } = issuance;
  const reading = issuance.reading.at('certificate');
  const distinct = distinctCertificates(certificates);
  const key = { publicKey: signer.publicKey, reading };
  const certificate = chooseIssuer(distinct, key, now);
  const keyIdentifier = atMember('certificate', () => checkCertificate(certificate, now, reading));
  if (!hasKey(certificate, key))
    throw new PkiError('key-mismatch', 'The key is not the key of the CA certificate', ['signer']);
  atMember('signer', () => rejectWeakKey(signer.publicKey, blocklist));
  return atMemberAsync('certificate', async () => {
    await requireValidSelfSignature(keys, certificate, keyIdentifier, reading);
    const path = await completePath(keys, certificate, distinct, { now, reading });
    for (const higher of path.slice(1)) requireKeyUsage(higher, reading);
    requirePolicies(path, policies);
    const fitted = fitPurposes(path, profile, issuance);
    const notes = [...choiceNotes(distinct, path, key), ...fitted.notes];
    const publicKey = readPublicKey(certificate.subjectPublicKeyInfo, reading);
    return { certificate, signer, publicKey, path, keyIdentifier, ...limitsOf(path), ...fitted, notes };
  });
}

/** Returns the key identifier. */
function checkCertificate(certificate: Certificate, now: Date, reading: Reading): Uint8Array {
  requireVersionAndSubject(certificate);
  requireKnownCriticalExtensions(certificate);
  requireKeyUsage(certificate, reading);
  requireValidAt(certificate, now);
  requireCa(certificate, reading);
  return ownKeyIdentifier(certificate, reading);
}

const unsuitable = (message: string): PkiError => new PkiError('unsuitable-issuer', message);

function requireVersionAndSubject({ version, subject, tbs }: Certificate): void {
  // RFC 5280 §6.1.4 (k): a CA certificate is version 3
  if (version !== 3) throw unsuitable(`The CA certificate is X.509 version ${version}; it must be version 3`);
  // RFC 5280 §4.1.2.6: the subject of a CA is not empty
  if (decodeDistinguishedName(subject).length === 0)
    throw unsuitable('The CA certificate has an empty subject, which a CA must not have');
  // The subject becomes the issuer octet for octet, so it must be received as the DER that is written
  if (!asBuffer(tbs).includes(asBuffer(subject)))
    throw unsuitable('The subject of the CA certificate is not DER, so it cannot be written as an issuer');
  const unreadable = unreadableAttribute(subject);
  if (unreadable !== undefined)
    throw unsuitable(
      `The attribute ${unreadable} in the subject of the CA certificate is not a string that programs can read, so it cannot be ` +
        'written as an issuer',
    );
}

function requireKnownCriticalExtensions(certificate: Certificate): void {
  const unknown = unknownCriticalExtension(certificate);
  if (unknown !== undefined)
    throw unsuitable(
      `The CA certificate has a critical extension that this service does not know: ${unknown}`,
    );
}

/** Throws PkiError for a certificate that is not a CA certificate. */
function requireCa(certificate: Certificate, reading: Reading): void {
  if (basicConstraintsOf(certificate, reading).cA) return;
  throw unsuitable('The certificate is not a CA certificate: it needs basicConstraints with cA TRUE');
}

/** RFC 5280 §4.2.1.3: a CA that certifies keys has keyUsage with keyCertSign; §6.1.4 (n) accepts one without keyUsage. */
function requireKeyUsage({ extensions }: Certificate, reading: Reading): void {
  const usage = extensionValue(extensions, extensionOid.keyUsage);
  if (usage && readKeyUsage(usage, reading).includes('keyCertSign')) return;
  const fault = unsuitable('The CA certificate may not sign certificates: its keyUsage needs keyCertSign');
  if (usage) throw fault;
  reading.tolerate('no-key-usage', fault);
}

function requireValidAt({ validity: { notBefore, notAfter } }: Certificate, now: Date): void {
  if (now < notBefore) throw unsuitable(`The CA certificate is not valid before ${notBefore.toISOString()}`);
  if (now > notAfter) throw unsuitable(`The CA certificate expired at ${notAfter.toISOString()}`);
}

/** The authorityKeyIdentifier of what the CA signs. */
export function ownKeyIdentifier(
  { extensions, subjectPublicKeyInfo }: Certificate,
  reading: Reading,
): Uint8Array {
  const value = extensionValue(extensions, extensionOid.subjectKeyIdentifier);
  return value
    ? readSubjectKeyIdentifier(value)
    : keyIdentifier(readPublicKey(subjectPublicKeyInfo, reading).bits);
}

/** A root whose own signature is invalid is damaged, or not the certificate that the caller means. */
async function requireValidSelfSignature(
  keys: Keys,
  certificate: Certificate,
  identifier: Uint8Array,
  reading: Reading,
): Promise<void> {
  if (!isSelfSigned(certificate, identifier)) return;
  if (await isSignedBy(keys, certificate, certificate, reading)) return;
  throw unsuitable('The CA certificate is self-signed, and its signature is invalid');
}
