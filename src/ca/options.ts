/** What a caller can request of a certificate beside its names, and the rules for it. */

import { PkiError, type PathStep } from '../base/errors.ts';
import { extendedKeyUsageOid } from '../formats/oids.ts';
import type { CertificatePolicy } from '../x509/extensions/certificate-policies.ts';
import type { WritableNameConstraints } from '../x509/extensions/name-constraints-writer.ts';
import type { Profile } from './profile.ts';
import type { RequestedUsages } from './usages.ts';
import type { RequestedValidity } from './validity-period.ts';

/** An empty list is an absent extension. URIs are absolute, `http` or `https`. */
export interface ExtensionPointers {
  readonly policies: readonly CertificatePolicy[];
  readonly crlDistributionPoints: readonly string[];
  /** OCSP responders. */
  readonly ocsp: readonly string[];
  /** Where the certificate of the CA is. */
  readonly caIssuers: readonly string[];
  /** The TLS server must send an OCSP response (RFC 7633). */
  readonly mustStaple: boolean;
}

export interface CertificateOptions {
  /** In place of days. */
  readonly validity?: RequestedValidity | undefined;
  readonly usages?: RequestedUsages | undefined;
  /** Of a CA certificate. */
  readonly nameConstraints?: WritableNameConstraints | undefined;
  readonly pointers?: ExtensionPointers | undefined;
}

/** Decodes the options. It runs inside the use case, so that observers see what it throws. */
export type ReadOptions = () => CertificateOptions;

/** Throws PkiError unless a certificate of the profile can have these options. */
export function checkOptions(
  profile: Profile,
  { nameConstraints, pointers }: Pick<CertificateOptions, 'nameConstraints' | 'pointers'>,
): void {
  // RFC 5280 §4.2.1.10
  if (nameConstraints !== undefined && !profile.isCa)
    throw new PkiError('invalid-extension', 'Name constraints are allowed in CA certificates only', [
      'nameConstraints',
    ]);
  if (pointers === undefined) return;
  checkRevocationPointers(profile, pointers);
  checkMustStaple(profile, pointers);
}

/** Throws PkiError path-length-exceeded for a path length of an end entity (RFC 5280 §4.2.1.9). */
export function checkPathLengthAllowed({ isCa }: Profile, pathLength: number | undefined): void {
  if (isCa || pathLength === undefined) return;
  throw pathLengthError('The path length is allowed in CA certificates only', 'pathLength');
}

/** `limit` is the path length of the issuer (RFC 5280 §4.2.1.9). Throws PkiError at `pathLength` or `profile`. */
export function checkPathLength(
  profile: Profile,
  pathLength: number | undefined,
  limit: number | undefined,
): void {
  checkPathLengthAllowed(profile, pathLength);
  if (!profile.isCa || limit === undefined) return;
  if (limit === 0) throw pathLengthError('The CA certificate allows no CA below it', 'profile');
  if (pathLength !== undefined && pathLength >= limit)
    throw pathLengthError(
      `The path length must be less than that of the CA certificate, ${limit}`,
      'pathLength',
    );
}

const pathLengthError = (message: string, step: string): PkiError =>
  new PkiError('path-length-exceeded', message, [step]);

const NO_REVOCATION: Readonly<Record<Exclude<Profile['revocation'], 'published'>, string>> = {
  // RFC 9608 §3
  noRevAvail:
    'A certificate of the profile short-lived has noRevAvail, so it must not name CRLs or OCSP responders',
  // RFC 6960 §4.2.2.2.1
  ocspNoCheck:
    'A certificate of the profile ocsp-responder has ocsp-nocheck, so it must not name CRLs or OCSP responders',
};

function checkRevocationPointers({ revocation }: Profile, pointers: ExtensionPointers): void {
  if (revocation === 'published') return;
  for (const list of ['crlDistributionPoints', 'ocsp'] as const)
    if (pointers[list].length > 0) throw notAllowed(NO_REVOCATION[revocation], list);
}

/** RFC 7633 §4.2.1: the feature is one of a TLS server, and needs OCSP responses. */
function checkMustStaple({ isCa, extendedKeyUsage, revocation }: Profile, pointers: ExtensionPointers): void {
  if (!pointers.mustStaple) return;
  const isServer = !isCa && extendedKeyUsage.includes(extendedKeyUsageOid.serverAuth);
  if (!isServer)
    throw notAllowed('A TLS feature is allowed in certificates of TLS servers only', 'mustStaple');
  if (revocation === 'noRevAvail')
    throw notAllowed(
      'A certificate with noRevAvail has no OCSP response that a server could send',
      'mustStaple',
    );
}

const notAllowed = (sentence: string, member: PathStep): PkiError =>
  new PkiError('invalid-extension', sentence, ['extensions', member]);
