/** All checks of one path. */

import { pause } from '../base/next-turn.ts';
import { ANY_POLICY } from '../formats/oids.ts';
import { failure, type Failure } from './checks.ts';
import type { Member } from './member.ts';
import { lastOf, type Path } from './paths.ts';
import { processPolicies, type PolicyResult } from './policies.ts';
import type { VerificationProfile, VerificationRequest } from './request.ts';
import {
  revocationFailures,
  revocationOf,
  type MemberRevocation,
  type RevocationContext,
} from './revocation/check-revocation.ts';
import {
  extensionFailures,
  issuerFailures,
  pathLengthFailures,
  validityFailures,
} from './rules/certificates.ts';
import { createConformanceChecker } from './rules/conformance.ts';
import type { NameChecker } from './rules/constrained-names.ts';
import { identityFailures } from './rules/identity.ts';
import { purposeFailures } from './rules/purpose.ts';
import { relatedFailures } from './rules/related.ts';
import type { SignatureResult, Signatures } from './signatures.ts';

export interface Evaluation {
  readonly path: Path;
  readonly failures: readonly Failure[];
  readonly policies: PolicyResult;
  readonly revocation: readonly MemberRevocation[];
}

export interface Evaluator {
  /** All checks. */
  evaluate(path: Path, context: RevocationContext): Promise<Evaluation>;
  /** Those of a certificate that signs CRLs: any purpose, name and policy is allowed. */
  evaluateSigner(path: Path, context: RevocationContext): Promise<Evaluation>;
}

type Check = (path: Path, request: VerificationRequest) => readonly Failure[];

const CHECKS_OF_ALL: readonly Check[] = [
  validityFailures,
  issuerFailures,
  pathLengthFailures,
  extensionFailures,
  purposeFailures,
  identityFailures,
  relatedFailures,
];

export function createEvaluator(signatures: Signatures, checkNames: NameChecker): Evaluator {
  const checkConformance = createConformanceChecker();
  async function evaluate(path: Path, context: RevocationContext): Promise<Evaluation> {
    const { request } = context;
    const ofSignatures = await signatureFailures(signatures, path);
    const ofNames = await checkNames(path);
    const policies = await processPolicies(path, request.policies);
    const ofConformance: Failure[] = [];
    for (const member of path) {
      ofConformance.push(...(await checkConformance(path, member, request)));
      await pause();
    }
    const revocation = await revocationOf(context, path);
    const failures = [
      ...ofSignatures,
      ...CHECKS_OF_ALL.flatMap((check) => check(path, request)),
      ...ofNames,
      ...policies.failures,
      ...revocationFailures(revocation, request),
      ...ofConformance,
    ];
    return { path, failures, policies, revocation };
  }
  return {
    evaluate,
    evaluateSigner: (path, { request, ...context }) =>
      evaluate(path, { ...context, request: { ...request, ...ANY_USE, profile: profileOfSigner(request) } }),
  };
}

const ANY_USE = {
  purpose: undefined,
  name: undefined,
  related: undefined,
  maxPathLength: undefined,
  policies: {
    initialPolicies: [ANY_POLICY],
    explicitPolicy: false,
    policyMappingInhibit: false,
    inhibitAnyPolicy: false,
  },
} as const;

/** The profile `webpki` is for certificates of TLS servers. */
const profileOfSigner = ({ profile }: VerificationRequest): VerificationProfile =>
  profile === 'webpki' ? 'rfc5280' : profile;

/** Signatures that were verified before have their result already. */
async function signatureFailures(signatures: Signatures, path: Path): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  for (const [depth, issuer] of path.entries()) {
    const member = path[depth - 1];
    if (member === undefined) continue;
    const { certificate } = issuer;
    const result = await signatures.verify(member.certificate, certificate.subjectPublicKeyInfo);
    if (result.is !== 'valid') failures.push(signatureFailure(result, member));
  }
  const anchor = lastOf(path);
  const { signatureAlgorithm, outerSignatureAlgorithm } = anchor.certificate;
  // RFC 5280 §4.1.1.2: the signature of a trust anchor is not verified, but its fields must be consistent
  if (Buffer.compare(signatureAlgorithm, outerSignatureAlgorithm) !== 0)
    failures.push(signatureFailure({ is: 'mismatch', detail: MISMATCH }, anchor));
  return failures;
}

const MISMATCH = 'The algorithms inside and outside of the signed part differ';

const CODES = {
  invalid: 'signature',
  unsupported: 'signature-algorithm',
  mismatch: 'signature-algorithm',
  limit: 'search-limit',
} as const;

const signatureFailure = (
  { is, detail }: Exclude<SignatureResult, { is: 'valid' }>,
  member: Member,
): Failure => failure(CODES[is], member, detail);
