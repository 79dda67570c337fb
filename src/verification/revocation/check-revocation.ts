/** The revocation status of the certificates of a path, by OCSP responses and CRLs (RFC 5280 §6.1.3 (a) (3)). */

import { rfc3339 } from '../../base/clock.ts';
import { pause } from '../../base/next-turn.ts';
import { extensionOid } from '../../formats/oids.ts';
import { failure, type Failure } from '../checks.ts';
import { isCa, type Member } from '../member.ts';
import type { Path } from '../paths.ts';
import { lastOf, lineageOf } from '../paths.ts';
import type { VerificationRequest } from '../request.ts';
import type { NameChecker } from '../rules/constrained-names.ts';
import type { Signatures } from '../signatures.ts';
import { crlStatus, type CrlSigner } from './crl-status.ts';
import { ocspStatus } from './ocsp-status.ts';
import type { RevocationStatus } from './status.ts';

export type MemberStatus =
  | RevocationStatus
  /** RFC 9608: the certificate says that there is no information about it. */
  | { readonly is: 'no-rev-avail' };

export interface MemberRevocation {
  readonly member: Member;
  readonly status: MemberStatus;
}

export interface RevocationContext {
  readonly request: VerificationRequest;
  readonly signatures: Signatures;
  readonly checkNames: NameChecker;
  /**
   * Certificates with this subject that have a valid path to this trust anchor, or whose path is being checked. With a
   * `lineage`, the path must have it.
   */
  signersBelow(subject: string, anchor: Member, lineage: string | undefined): AsyncIterable<CrlSigner>;
}

/** The trust anchor needs no status. */
export async function revocationOf(
  context: RevocationContext,
  path: Path,
): Promise<readonly MemberRevocation[]> {
  const { revocation, lists, responses } = context.request;
  if (revocation === 'ignore') return [];
  if (revocation === 'if-available' && lists.length + responses.length === 0) return [];
  const statuses: MemberRevocation[] = [];
  for (const [depth, member] of path.slice(0, -1).entries()) {
    statuses.push({ member, status: await statusOf(context, path, depth, member) });
    await pause();
  }
  return statuses;
}

async function statusOf(
  context: RevocationContext,
  path: Path,
  depth: number,
  member: Member,
): Promise<MemberStatus> {
  // RFC 9608 §4; §3 forbids the extension in a CA certificate
  if (hasNoRevAvail(member) && !isCa(member)) return { is: 'no-rev-avail' };
  const above = path.slice(depth + 1);
  const ofLists = (of: Member): Promise<RevocationStatus> =>
    crlStatus({ ...context, signers: (subject) => signers(context, subject, above) }, of);
  const issuer = above[0] ?? lastOf(path);
  const isRevoked = async (responder: Member): Promise<boolean> =>
    (await ofLists(responder)).is === 'revoked';
  const hasAllowedNames = async (responder: Member): Promise<boolean> =>
    (await context.checkNames([responder, ...above])).length === 0;
  const byOcsp = await ocspStatus({ ...context, isRevoked, hasAllowedNames }, member, issuer);
  if (byOcsp.is === 'revoked') return byOcsp;
  const byLists = await ofLists(member);
  if (byLists.is === 'revoked') return byLists;
  return byOcsp.is === 'good' ? byOcsp : both(byOcsp, byLists);
}

const both = (byOcsp: RevocationStatus, byLists: RevocationStatus): RevocationStatus =>
  byOcsp.is === 'unknown' && byLists.is === 'unknown'
    ? {
        is: 'unknown',
        problems: [...byOcsp.problems, ...byLists.problems],
        isAbout: byOcsp.isAbout || byLists.isAbout,
      }
    : byLists;

const hasNoRevAvail = ({ certificate }: Member): boolean =>
  certificate.extensions.some(({ oid }) => oid === extensionOid.noRevAvail);

/**
 * The certificates of the path were validated with it. Another CA can have the name of one of them, so a certificate that is
 * not of the path must have the same names above it. Any CRL issuer that the certificate itself names is allowed.
 */
async function* signers(
  context: RevocationContext,
  subject: string,
  above: readonly Member[],
): AsyncGenerator<CrlSigner, void> {
  const ofPath = above.filter((member) => member.subject === subject);
  for (const member of ofPath) yield { member, isUnproven: false };
  const anchor = above.at(-1);
  if (anchor === undefined) return;
  const [first] = ofPath;
  const lineage = first && lineageOf(above.slice(above.indexOf(first)));
  for await (const signer of context.signersBelow(subject, anchor, lineage))
    if (!ofPath.includes(signer.member)) yield signer;
}

export const revocationFailures = (
  statuses: readonly MemberRevocation[],
  { revocation }: Pick<VerificationRequest, 'revocation'>,
): readonly Failure[] =>
  statuses.flatMap(({ member, status }) => {
    if (status.is === 'revoked')
      return failure('revoked', member, `The certificate was revoked${since(status)}`);
    if (status.is !== 'unknown' || (revocation !== 'require' && !status.isAbout)) return [];
    const why = status.problems.length === 0 ? 'No CRL and no OCSP response is about it' : '';
    return failure(
      'revocation-status',
      member,
      `Whether the certificate is revoked is unknown. ${[why, ...status.problems].filter(Boolean).join('. ')}`,
    );
  });

const since = ({ at, reason }: Extract<RevocationStatus, { is: 'revoked' }>): string => {
  const time = Number.isNaN(at.getTime()) ? '' : ` at ${rfc3339(at)}`;
  return `${time}${reason === undefined ? '' : ` (${reason})`}`;
};
