/** Validates the certificates of a path, apart from their signatures, for TLS clients (RFC 5280 §6.1). */

import { rfc3339 } from '../../base/clock.ts';
import { PkiError } from '../../base/errors.ts';
import { extendedKeyUsageOid, extensionOid } from '../../formats/oids.ts';
import type { Reading } from '../../formats/reading.ts';
import type { Certificate } from '../certificate.ts';
import { decodeDistinguishedName } from '../names/distinguished-name.ts';
import { extensionValue, unknownCriticalExtension } from '../extensions/extension.ts';
import { readBasicConstraints, type BasicConstraints } from '../extensions/basic-constraints.ts';
import { readExtendedKeyUsage } from '../extensions/extended-key-usage.ts';
import { readKeyUsage, type KeyUsage } from '../extensions/key-usage.ts';
import { decodeGeneralNames } from '../names/general-name-encoding.ts';
import { readNameConstraints, type NameConstraints, type Subtree } from '../extensions/name-constraints.ts';
import { isSelfIssued } from './link.ts';
import { checkNameConstraints } from './name-constraints.ts';

const THE_CERTIFICATE = 'The certificate';
const CA_ABOVE = 'A CA certificate of the path';

/** Returns the subject of an error message about the certificate at this position of a path. */
export const subjectAt = (depth: number): string => (depth === 0 ? THE_CERTIFICATE : CA_ABOVE);

export const pathError = (sentence: string): PkiError => new PkiError('invalid-certificate', sentence);

/**
 * `path` begins with the certificate to validate, continues with its issuer, and ends with the trust anchor, which can be
 * the certificate itself. Throws PkiError invalid-certificate, invalid-extension or name-constraints-violated.
 */
export function validatePath(path: readonly Certificate[], now: Date): void {
  path.forEach((certificate, depth) => {
    const what = subjectAt(depth);
    requireValidAt(certificate, now, what);
    const unknown = unknownCriticalExtension(certificate);
    if (unknown !== undefined) throw pathError(`${what} has an unsupported critical extension: ${unknown}`);
    requireClientPurpose(certificate, what);
    if (depth === 0) requireKeyUsage(certificate, ['digitalSignature', 'keyAgreement'], what);
    else requireCa(certificate, path.slice(0, depth));
  });
}

export const isValidAt = ({ validity: { notBefore, notAfter } }: Certificate, now: Date): boolean =>
  notBefore <= now && now <= notAfter;

/** `what` is the subject of error messages. Throws PkiError invalid-certificate. */
export function requireValidAt(
  { validity: { notBefore, notAfter } }: Certificate,
  now: Date,
  what = THE_CERTIFICATE,
): void {
  if (now < notBefore) throw pathError(`${what} is not valid before ${rfc3339(notBefore)}`);
  if (now > notAfter) throw pathError(`${what} expired at ${rfc3339(notAfter)}`);
}

/** RFC 5280 §4.2.1.12: without extendedKeyUsage every purpose is allowed. The purposes of a CA limit what it issues. */
function requireClientPurpose({ extensions }: Certificate, what: string): void {
  const value = extensionValue(extensions, extensionOid.extendedKeyUsage);
  if (value === undefined) return;
  const purposes = readExtendedKeyUsage(value);
  const { anyExtendedKeyUsage, clientAuth } = extendedKeyUsageOid;
  if (purposes.includes(clientAuth) || purposes.includes(anyExtendedKeyUsage)) return;
  throw pathError(`${what} has an extendedKeyUsage without clientAuth`);
}

/** One of `uses` is enough; without keyUsage every use is allowed. Throws PkiError invalid-certificate. */
export function requireKeyUsage(
  { extensions }: Certificate,
  uses: readonly KeyUsage[],
  what: string,
  reading?: Reading,
): void {
  const value = extensionValue(extensions, extensionOid.keyUsage);
  if (value === undefined || readKeyUsage(value, reading).some((usage) => uses.includes(usage))) return;
  throw pathError(`${what} has a keyUsage without ${uses.join(' or ')}`);
}

/** `below`: the certificates below this CA in the path, the last one issued by it. */
function requireCa(authority: Certificate, below: readonly Certificate[]): void {
  requirePathLength(authority, below.slice(1));
  const constraints = nameConstraintsOf(authority);
  if (constraints === undefined) return;
  for (const [depth, certificate] of below.entries()) {
    if (depth === 0 || !isSelfIssued(certificate)) requireNames(constraints, certificate, depth === 0);
  }
}

/**
 * `intermediates`: the CA certificates below this CA in the path. Throws PkiError invalid-certificate for a certificate
 * that is not a CA, may not sign, or has a shorter path length.
 */
export function requirePathLength(
  authority: Certificate,
  intermediates: readonly Certificate[],
  reading?: Reading,
): void {
  const { cA, pathLength = Infinity } = basicConstraintsOf(authority, reading);
  if (!cA) throw pathError(`${THE_CERTIFICATE} is issued by a certificate that is not a CA`);
  requireKeyUsage(authority, ['keyCertSign'], CA_ABOVE, reading);
  if (countIssued(intermediates) > pathLength)
    throw pathError(`${CA_ABOVE} has a pathLenConstraint that the path exceeds`);
}

/** RFC 5280 §4.2.1.9: self-issued certificates do not count. */
export const countIssued = (intermediates: readonly Certificate[]): number =>
  intermediates.filter((certificate) => !isSelfIssued(certificate)).length;

/** Throws PkiError invalid-extension. */
export function basicConstraintsOf({ extensions }: Certificate, reading?: Reading): BasicConstraints {
  const value = extensionValue(extensions, extensionOid.basicConstraints);
  return value ? readBasicConstraints(value, reading) : { cA: false };
}

/** Throws PkiError invalid-extension. */
export function nameConstraintsOf({ extensions }: Certificate): NameConstraints | undefined {
  const value = extensionValue(extensions, extensionOid.nameConstraints);
  return value && readNameConstraints(value);
}

const isOfOtherKind = ({ kind }: Subtree): boolean => kind === 'other' || kind === 'otherName';

/** Throws PkiError unless all names of the certificate are within the constraints. No CA is a host. */
export function requireNames(
  constraints: NameConstraints,
  { subject, extensions }: Certificate,
  isEndEntity: boolean,
): void {
  const value = extensionValue(extensions, extensionOid.subjectAltName);
  const names = value === undefined ? [] : decodeGeneralNames(value);
  const known = names.filter((name) => name.kind !== 'other');
  const { permitted, excluded } = constraints;
  if (known.length < names.length && [...permitted, ...excluded].some(isOfOtherKind)) {
    throw pathError(
      `${THE_CERTIFICATE} has a name of an unsupported kind that the name constraints of a CA limit`,
    );
  }
  checkNameConstraints(constraints, decodeDistinguishedName(subject), known, isEndEntity);
}
