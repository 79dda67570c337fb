/** A CA: its certificate and the signer of its key, checked before anything is signed (RFC 5280 §6.1.4). */

import { atMember, atMemberAsync, PkiError } from '../base/errors.ts';
import { extendedKeyUsageOid, extensionOid } from '../formats/oids.ts';
import type { Keys, Signer } from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';
import { rejectWeakKey } from '../keys/weak-key.ts';
import type { Certificate } from '../x509/certificate.ts';
import { unknownCriticalExtension, extensionValue } from '../x509/extensions/extension.ts';
import {
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  keyIdentifier,
} from '../x509/extensions/key-identifiers.ts';
import { readBasicConstraints } from '../x509/extensions/basic-constraints.ts';
import { readExtendedKeyUsage } from '../x509/extensions/extended-key-usage.ts';
import { readKeyUsage } from '../x509/extensions/key-usage.ts';
import { readNameConstraints, type NameConstraints } from '../x509/extensions/name-constraints.ts';
import { decodeDistinguishedName } from '../x509/names/distinguished-name.ts';
import { PROFILE_NAMES, PROFILES, type Profile } from './profile.ts';
import { purposeNames } from './usages.ts';
import type { IssuanceContext } from './issuance-context.ts';

export interface AuthorityInput {
  readonly certificate: Certificate;
  readonly signer: Signer;
}

export interface Authority extends AuthorityInput {
  /** Its subjectKeyIdentifier, octet for octet: the authorityKeyIdentifier of what it issues (RFC 5280 §4.2.1.1). */
  readonly keyIdentifier: Uint8Array;
  readonly pathLength: number | undefined;
  readonly nameConstraints: NameConstraints | undefined;
}

/** Throws PkiError at `certificate` or `signer`. */
export async function checkAuthority(
  { keys, blocklist }: IssuanceContext,
  input: AuthorityInput,
  profile: Profile,
  now: Date,
): Promise<Authority> {
  const authority = checkSuitability(input, profile, now);
  const { certificate, signer, keyIdentifier } = authority;
  atMember('signer', () => rejectWeakKey(signer.publicKey, blocklist));
  await atMemberAsync('certificate', () => requireValidSelfSignature(keys, certificate, keyIdentifier));
  return authority;
}

/** {@link checkAuthority} without the checks of key and signature, for a CA that passed them before. */
export function checkSuitability(
  { certificate, signer }: AuthorityInput,
  profile: Profile,
  now: Date,
): Authority {
  const limits = atMember('certificate', () => checkCertificate(certificate, profile, now));
  if (Buffer.compare(signer.publicKey.spki, certificate.subjectPublicKeyInfo) !== 0)
    throw new PkiError('key-mismatch', 'The key is not the key of the CA certificate', ['signer']);
  return { certificate, signer, ...limits };
}

function checkCertificate(
  certificate: Certificate,
  profile: Profile,
  now: Date,
): Omit<Authority, keyof AuthorityInput> {
  requireVersionAndSubject(certificate);
  requireKnownCriticalExtensions(certificate);
  requireKeyUsage(certificate);
  requirePurposes(certificate, profile);
  requireValidAt(certificate, now);
  const value = extensionValue(certificate.extensions, extensionOid.nameConstraints);
  return {
    keyIdentifier: ownKeyIdentifier(certificate),
    pathLength: readPathLength(certificate),
    nameConstraints: value && readNameConstraints(value),
  };
}

const unsuitable = (message: string): PkiError => new PkiError('unsuitable-issuer', message);

function requireVersionAndSubject({ version, subject }: Certificate): void {
  // RFC 5280 §6.1.4 (k): a CA certificate is version 3
  if (version !== 3) throw unsuitable(`The CA certificate is X.509 version ${version}; it must be version 3`);
  // RFC 5280 §4.1.2.6: the subject of a CA is not empty
  if (decodeDistinguishedName(subject).length === 0)
    throw unsuitable('The CA certificate has an empty subject, which a CA must not have');
}

function requireKnownCriticalExtensions(certificate: Certificate): void {
  const unknown = unknownCriticalExtension(certificate);
  if (unknown !== undefined)
    throw unsuitable(
      `The CA certificate has a critical extension that this service does not know: ${unknown}`,
    );
}

/** Returns the path length constraint. Throws PkiError for a certificate that is not a CA certificate. */
function readPathLength({ extensions }: Certificate): number | undefined {
  const value = extensionValue(extensions, extensionOid.basicConstraints);
  const constraints = value && readBasicConstraints(value);
  if (constraints?.cA !== true)
    throw unsuitable('The certificate is not a CA certificate: it needs basicConstraints with cA TRUE');
  return constraints.pathLength;
}

/** RFC 5280 §4.2.1.3: a CA that certifies keys has keyUsage with keyCertSign. */
function requireKeyUsage({ extensions }: Certificate): void {
  const usage = extensionValue(extensions, extensionOid.keyUsage);
  if (usage && readKeyUsage(usage).includes('keyCertSign')) return;
  throw unsuitable('The CA certificate may not sign certificates: its keyUsage needs keyCertSign');
}

/** Relying parties take the extendedKeyUsage of a CA as a limit of what it issues. */
function requirePurposes({ extensions }: Certificate, profile: Profile): void {
  const value = extensionValue(extensions, extensionOid.extendedKeyUsage);
  if (value === undefined) return;
  const allowed = readExtendedKeyUsage(value);
  if (allowed.includes(extendedKeyUsageOid.anyExtendedKeyUsage)) return;
  const missing = neededPurposes(profile).filter((purpose) => !allowed.includes(purpose));
  if (missing.length === 0) return;
  throw unsuitable(
    `The extendedKeyUsage of the CA certificate limits it to ${purposeNames(allowed)}, without ` +
      `${purposeNames(missing)}; profiles that fit: ${suitableProfiles(allowed)}`,
  );
}

/**
 * A CA below this one issues for the usual purposes of TLS. A CA authorizes an OCSP responder by issuing for it, whatever
 * its own purposes are (RFC 6960 §4.2.2.2).
 */
function neededPurposes({ isCa, extendedKeyUsage }: Profile): readonly string[] {
  if (isCa && extendedKeyUsage.length === 0)
    return [extendedKeyUsageOid.serverAuth, extendedKeyUsageOid.clientAuth];
  return extendedKeyUsage.filter((purpose) => purpose !== extendedKeyUsageOid.OCSPSigning);
}

/** Names of the profiles within these purposes, without that of a CA. */
const suitableProfiles = (allowed: readonly string[]): string =>
  PROFILE_NAMES.filter((name) => {
    const profile = PROFILES[name];
    return !profile.isCa && neededPurposes(profile).every((purpose) => allowed.includes(purpose));
  }).join(', ');

function requireValidAt({ validity: { notBefore, notAfter } }: Certificate, now: Date): void {
  if (now < notBefore) throw unsuitable(`The CA certificate is not valid before ${notBefore.toISOString()}`);
  if (now > notAfter) throw unsuitable(`The CA certificate expired at ${notAfter.toISOString()}`);
}

function ownKeyIdentifier({ extensions, subjectPublicKeyInfo }: Certificate): Uint8Array {
  const value = extensionValue(extensions, extensionOid.subjectKeyIdentifier);
  return value ? readSubjectKeyIdentifier(value) : keyIdentifier(readPublicKey(subjectPublicKeyInfo).bits);
}

/** A root whose own signature is invalid is damaged, or not the certificate that the caller means. */
async function requireValidSelfSignature(
  keys: Keys,
  certificate: Certificate,
  identifier: Uint8Array,
): Promise<void> {
  if (!isSelfSigned(certificate, identifier)) return;
  const { subjectPublicKeyInfo, signatureAlgorithm, tbs, signature } = certificate;
  if (await keys.verify(readPublicKey(subjectPublicKeyInfo), signatureAlgorithm, tbs, signature)) return;
  throw unsuitable('The CA certificate is self-signed, and its signature is invalid');
}

/**
 * Issuer and subject are the same. A certificate for a new key that the old key of the same CA signs is self-issued but
 * not self-signed (RFC 5280 §3.2); its key identifiers differ.
 */
function isSelfSigned({ issuer, subject, extensions }: Certificate, identifier: Uint8Array): boolean {
  if (Buffer.compare(issuer, subject) !== 0) return false;
  const value = extensionValue(extensions, extensionOid.authorityKeyIdentifier);
  const authority = value && readAuthorityKeyIdentifier(value).keyIdentifier;
  return authority === undefined || Buffer.compare(authority, identifier) === 0;
}
