/** What a verification is about, and the limits of its work. */

import type { ReferenceName } from '../x509/names/reference-name.ts';
import type { Member } from './member.ts';
import type { ReceivedList } from './revocation/received-list.ts';
import type { OcspResponse } from './revocation/ocsp-response.ts';

/**
 * The rules beyond the algorithm of RFC 5280 §6.1 (`path`): those of the certificate profile of RFC 5280 §4, or of the
 * CA/Browser Forum for TLS servers too.
 */
export const VERIFICATION_PROFILES = ['path', 'rfc5280', 'webpki'] as const;
export type VerificationProfile = (typeof VERIFICATION_PROFILES)[number];

/**
 * `require`: the status of every certificate must be known. `if-available`: only that of certificates that a given CRL or
 * OCSP response is about. `ignore`: none is read.
 */
export const REVOCATION_MODES = ['require', 'if-available', 'ignore'] as const;
export type RevocationMode = (typeof REVOCATION_MODES)[number];

/** The inputs of RFC 5280 §6.1.1 (c), (e)-(g). */
export interface PolicyInputs {
  /** Dotted OIDs; anyPolicy alone accepts every policy. */
  readonly initialPolicies: readonly string[];
  readonly explicitPolicy: boolean;
  readonly policyMappingInhibit: boolean;
  readonly inhibitAnyPolicy: boolean;
}

export interface VerificationRequest {
  readonly leaf: Member;
  readonly intermediates: readonly Member[];
  readonly anchors: readonly Member[];
  readonly lists: readonly ReceivedList[];
  readonly responses: readonly OcspResponse[];
  readonly time: Date;
  readonly profile: VerificationProfile;
  readonly revocation: RevocationMode;
  readonly policies: PolicyInputs;
  /** Dotted OID of an extended key usage; undefined for any purpose. */
  readonly purpose: string | undefined;
  /** Whether the keyUsage of the certificate must fit the purpose. */
  readonly checksKeyUsage: boolean;
  readonly name: ReferenceName | undefined;
  /** Intermediate CA certificates that are not self-issued; undefined for no limit. */
  readonly maxPathLength: number | undefined;
  /** The certificate that the RelatedCertificate extension is about. */
  readonly related: Member | undefined;
}

/** Of one verification. Work beyond them is not done, and the result says so. */
export const LIMITS = Object.freeze({
  /** Certificates that are given, each kind alone. */
  certificates: 500,
  /** CRLs or OCSP responses that are given, each kind alone. */
  evidence: 100,
  /** Signatures that are verified, those of CRLs and OCSP responses included. */
  signatures: 250,
  /** Certificates that are tried as the next one of a path. */
  steps: 2_000,
  /** Whole paths that are checked. */
  paths: 32,
  /** Paths of signers of CRLs that are checked. */
  signerPaths: 64,
  /** Certificates of one path. */
  depth: 32,
  /** Comparisons of names with name constraints, of all paths together. */
  comparisons: 1_000_000,
});
