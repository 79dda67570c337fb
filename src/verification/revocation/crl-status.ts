/** The status of a certificate by CRLs, delta and indirect ones included (RFC 5280 §6.3.3). */

import { pause } from '../../base/next-turn.ts';
import { REVOCATION_REASONS } from '../../x509/extensions/distribution-points.ts';
import type { Member } from '../member.ts';
import type { VerificationRequest } from '../request.ts';
import type { Signatures } from '../signatures.ts';
import type { RevokedEntry } from './list-entries.ts';
import type { ReceivedList } from './received-list.ts';
import { coveredReasons, isByIssuer, isInScope, pointsOf, type Point } from './scope.ts';
import { currencyFault, type RevocationStatus } from './status.ts';

/** A certificate that can sign CRLs. */
export interface CrlSigner {
  readonly member: Member;
  /** Whether the certificate is being validated: the CRLs that it signs are the last evidence. */
  readonly isUnproven: boolean;
}

export interface CrlContext {
  readonly request: Pick<VerificationRequest, 'lists' | 'time' | 'profile'>;
  readonly signatures: Signatures;
  /** Certificates with this subject that are valid below the trust anchor of the path, those of the path first. */
  signers(subject: string): AsyncIterable<CrlSigner>;
}

interface Search {
  readonly context: CrlContext;
  readonly member: Member;
  readonly problems: Set<string>;
  isAbout: boolean;
  /** Reasons that the CRLs cover which were consulted. */
  readonly covered: Set<string>;
  source: string;
  /** Whether CRLs count that are signed by a certificate whose path is being checked. */
  readsUnproven: boolean;
}

type Found = { readonly list: ReceivedList; readonly entry: RevokedEntry | undefined };

export async function crlStatus(context: CrlContext, member: Member): Promise<RevocationStatus> {
  const search: Search = {
    context,
    member,
    problems: new Set(),
    isAbout: false,
    covered: new Set(),
    source: '',
    readsUnproven: false,
  };
  const revoked = await consultAll(search);
  if (revoked !== undefined) return revoked;
  const { covered, source, problems, isAbout } = search;
  if (REVOCATION_REASONS.every((reason) => covered.has(reason))) return { is: 'good', source };
  if (covered.size > 0) problems.add('The CRLs cover only some reasons for a revocation');
  return { is: 'unknown', problems: [...problems], isAbout };
}

/**
 * A certificate can sign the CRL that it is on. Its key may be the one that was stolen, so CRLs by others are consulted
 * first. Returns undefined when none revokes the certificate.
 */
async function consultAll(search: Search): Promise<Revoked | undefined> {
  const points = pointsOf(search.member);
  const lists = completeLists(search.context);
  for (const readsUnproven of [false, true]) {
    search.readsUnproven = readsUnproven;
    for (const point of points) {
      const revoked = await consultForPoint(search, lists, point);
      if (revoked !== undefined) return revoked;
      await pause();
    }
  }
  return undefined;
}

type Revoked = Extract<RevocationStatus, { is: 'revoked' }>;

async function consultForPoint(
  search: Search,
  lists: readonly ReceivedList[],
  point: Point,
): Promise<Revoked | undefined> {
  const { covered } = search;
  for (const list of lists) {
    const reasons = coveredReasons(list, point);
    // (e)
    if (reasons.every((reason) => covered.has(reason))) continue;
    const found = await consult(search, list, point);
    if (found === undefined) continue;
    search.source = `crls/${found.list.index}`;
    if (found.entry !== undefined)
      return { is: 'revoked', source: search.source, at: found.entry.revokedAt, reason: found.entry.reason };
    for (const reason of reasons) covered.add(reason);
  }
  return undefined;
}

/** The newest come first: an older one of the same scope adds nothing. */
const completeLists = ({ request }: CrlContext): readonly ReceivedList[] =>
  request.lists
    .filter(({ base }) => base === undefined)
    .toSorted((a, b) => b.crl.thisUpdate.getTime() - a.crl.thisUpdate.getTime() || 0);

/** Returns what one CRL says; undefined when it cannot be used for the certificate. */
async function consult(search: Search, list: ReceivedList, point: Point): Promise<Found | undefined> {
  const { context, member, problems } = search;
  if (!isByIssuer(list, point, member) || !isInScope(list, point, member)) return undefined;
  search.isAbout = true;
  const signer = await usableSigner(search, list);
  if (signer === undefined) return undefined;
  const delta = await newestDelta(search, list, signer);
  const stale = delta ? undefined : currencyFault(list.crl, context.request.time);
  if (stale !== undefined) {
    problems.add(`The CRL ${list.index} ${stale}`);
    return undefined;
  }
  const entry = await entryOf(search, delta ?? list);
  // (i)-(k): what the delta CRL does not list is looked up in the complete one
  if (entry?.reason === 'removeFromCRL') return { list: delta ?? list, entry: undefined };
  if (entry !== undefined || delta === undefined) return { list: delta ?? list, entry };
  return { list, entry: await entryOf(search, list) };
}

const entryOf = async ({ member }: Search, list: ReceivedList): Promise<RevokedEntry | undefined> =>
  (await list.entries()).find(member.issuer, member.certificate.serialNumber);

/** (f), (g): returns the certificate whose key verifies a CRL that may be used. */
async function usableSigner(search: Search, list: ReceivedList): Promise<Member | undefined> {
  const { context, problems, readsUnproven } = search;
  const { fault, profileFault } = list;
  const found =
    fault ?? (context.request.profile === 'path' ? undefined : profileFault) ?? (await list.entries()).fault;
  if (found !== undefined) {
    problems.add(`The CRL ${list.index} ${found}`);
    return undefined;
  }
  let problem = 'is by no certificate of the path or below its trust anchor';
  for await (const { member: signer, isUnproven } of context.signers(list.issuer)) {
    const { keyUsage } = signer.facts;
    const result = await context.signatures.verify(list.crl, signer.certificate.subjectPublicKeyInfo);
    if (result.is !== 'valid') problem = `has an invalid signature: ${result.detail}`;
    else if (keyUsage !== undefined && !keyUsage.includes('cRLSign'))
      problem = 'is by a certificate whose keyUsage is without cRLSign (§6.3.3 f)';
    else if (!isUnproven || readsUnproven) return signer;
  }
  if (readsUnproven) problems.add(`The CRL ${list.index} ${problem}`);
  return undefined;
}

/** (c), (h), §5.2.4: returns the newest current delta CRL for this complete CRL. */
async function newestDelta(
  { context }: Search,
  complete: ReceivedList,
  signer: Member,
): Promise<ReceivedList | undefined> {
  const { lists, time } = context.request;
  const deltas = lists
    .filter((list) => isDeltaFor(list, complete) && currencyFault(list.crl, time) === undefined)
    .toSorted((a, b) => b.crl.thisUpdate.getTime() - a.crl.thisUpdate.getTime() || 0);
  for (const delta of deltas) {
    const result = await context.signatures.verify(delta.crl, signer.certificate.subjectPublicKeyInfo);
    if (result.is === 'valid' && (await delta.entries()).fault === undefined) return delta;
  }
  return undefined;
}

const isDeltaFor = (delta: ReceivedList, { issuer, scope, number }: ReceivedList): boolean =>
  delta.base !== undefined &&
  delta.number !== undefined &&
  number !== undefined &&
  delta.fault === undefined &&
  delta.issuer === issuer &&
  delta.scope === scope &&
  delta.base <= number &&
  number < delta.number;
