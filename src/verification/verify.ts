/** Validates a certificate: finds a path to a trust anchor that passes every check, and says what fails (RFC 5280 §6). */

import type { Keys } from '../keys/key.ts';
import { CHECK_CODES, failure, type CheckCode, type Failure } from './checks.ts';
import { createEvaluator, type Evaluation, type Evaluator } from './evaluate.ts';
import { createPathFinder, lastOf, type Path, type PathFinder } from './paths.ts';
import { createPool, type Pool } from './pool.ts';
import type { PolicyResult } from './policies.ts';
import { LIMITS, type VerificationRequest } from './request.ts';
import type { RevocationContext } from './revocation/check-revocation.ts';
import { createNameChecker } from './rules/constrained-names.ts';
import { createSignerSearch, type SignerSearch } from './signer-search.ts';
import { createSignatures, type Signatures } from './signatures.ts';

export interface Verification {
  readonly isValid: boolean;
  /** The path that is valid, or the one with the fewest failures. */
  readonly best: Evaluation;
  /** Every path that was checked, in this order. */
  readonly tried: readonly Evaluation[];
  /** The codes of the checks that the best path fails, and of those that were made. */
  readonly checks: readonly { readonly code: CheckCode; readonly result: 'passed' | 'failed' | 'skipped' }[];
}

interface Search {
  readonly request: VerificationRequest;
  readonly pool: Pool;
  readonly finder: PathFinder;
  readonly evaluator: Evaluator;
  readonly signers: SignerSearch;
  readonly context: RevocationContext;
}

export async function verifyCertificate(keys: Keys, request: VerificationRequest): Promise<Verification> {
  const search = openSearch(createSignatures(keys), request);
  const tried = await tryPaths(search);
  const accepted = tried.find(({ failures }) => failures.length === 0);
  const best = accepted ?? withLimit(search, fewestFailures(tried) ?? withoutPath(search), tried);
  return { isValid: accepted !== undefined, best, tried, checks: checksOf(request, best) };
}

/** The time is that of the second (RFC 5280 §4.1.2.5: times of certificates have whole seconds). */
function openSearch(signatures: Signatures, given: VerificationRequest): Search {
  const request = { ...given, time: new Date(Math.floor(given.time.getTime() / 1000) * 1000) };
  const pool = createPool(request);
  const finder = createPathFinder(pool, signatures, request.time);
  const checkNames = createNameChecker();
  const evaluator = createEvaluator(signatures, checkNames);
  const signers = createSignerSearch({ pool, finder, evaluator }, () => context);
  const { signersBelow } = signers;
  const context: RevocationContext = { request, signatures, checkNames, signersBelow };
  return { request, pool, finder, evaluator, signers, context };
}

/** Of paths whose signatures are not valid, which are shown only if there is no other. */
const MAX_UNVERIFIED = 4;

async function tryPaths({ request, finder, evaluator, context }: Search): Promise<readonly Evaluation[]> {
  const tried: Evaluation[] = [];
  for await (const path of finder.paths(request.leaf)) {
    const evaluation = await evaluator.evaluate(path, context);
    tried.push(evaluation);
    if (evaluation.failures.length === 0 || tried.length >= LIMITS.paths) return tried;
  }
  if (tried.length > 0) return tried;
  for await (const path of finder.paths(request.leaf, { isUnverified: true })) {
    tried.push(await evaluator.evaluate(path, context));
    if (tried.length >= MAX_UNVERIFIED) break;
  }
  return tried;
}

const fewestFailures = (tried: readonly Evaluation[]): Evaluation | undefined =>
  tried.toSorted((a, b) => a.failures.length - b.failures.length)[0];

const NO_POLICIES: PolicyResult = { isRequired: false, authority: [], user: [], failures: [] };

function withoutPath({ request, finder, pool }: Search): Evaluation {
  const path = finder.dangling(request.leaf);
  const last = lastOf(path);
  const above = pool.named(last.issuer).length > 0;
  const detail = last.isSelfIssued
    ? 'The path ends at a self-issued certificate that is none of the trust anchors'
    : above
      ? 'The certificates issued each other in a circle that has no trust anchor'
      : 'The issuer of the certificate is none of the certificates that were given';
  return { path, failures: [failure('no-path', last, detail)], policies: NO_POLICIES, revocation: [] };
}

function withLimit(
  { finder, signers }: Search,
  evaluation: Evaluation,
  { length }: readonly Evaluation[],
): Evaluation {
  if (!finder.isLimited && !signers.isLimited && length < LIMITS.paths) return evaluation;
  const limit = failure('search-limit', undefined, 'The search for paths ended at one of its limits');
  return { ...evaluation, failures: [...evaluation.failures, limit] };
}

function checksOf(request: VerificationRequest, { failures, path }: Evaluation): Verification['checks'] {
  const failed = new Set(failures.map(({ code }) => code));
  const skipped = new Set(skippedChecks(request, failures, path));
  return CHECK_CODES.map((code) => ({
    code,
    result: failed.has(code) ? 'failed' : skipped.has(code) ? 'skipped' : 'passed',
  }));
}

function skippedChecks(
  { profile, purpose, checksKeyUsage, name, related, revocation, lists, responses }: VerificationRequest,
  failures: readonly Failure[],
  path: Path,
): readonly CheckCode[] {
  if (failures.some(({ code }) => code === 'no-path') || path.length === 0) return CHECK_CODES;
  const isUnrevoked =
    revocation === 'ignore' || (revocation === 'if-available' && lists.length + responses.length === 0);
  return [
    ...(purpose === undefined ? (['purpose'] as const) : []),
    ...(purpose === undefined || !checksKeyUsage ? (['key-usage'] as const) : []),
    ...(name === undefined ? (['name'] as const) : []),
    ...(related === undefined ? (['related-certificate'] as const) : []),
    ...(profile === 'path' ? (['profile'] as const) : []),
    ...(isUnrevoked ? (['revoked', 'revocation-status'] as const) : []),
  ];
}
