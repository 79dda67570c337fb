/** Which certificates and reasons a CRL covers (RFC 5280 §6.3.3 (b), (d)). */

import {
  readReasons,
  REVOCATION_REASONS,
  type DistributionPoint,
} from '../../x509/extensions/distribution-points.ts';
import { encodeDistinguishedName } from '../../x509/names/distinguished-name.ts';
import { isCa, type Member } from '../member.ts';
import { namesOf, textOf } from './point-names.ts';
import type { ReceivedList } from './received-list.ts';

/** A distribution point of the certificate, or the one that every certificate has (§6.3.3, the last paragraph). */
export interface Point {
  /** Names of the point as texts; undefined for a point without a name. */
  readonly names: ReadonlySet<string> | undefined;
  readonly reasons: readonly string[];
  /** Names of cRLIssuer as texts; undefined for the issuer of the certificate. */
  readonly issuers: ReadonlySet<string> | undefined;
}

/** Of a certificate: each is compared with every CRL. Without the others a status can only be unknown. */
const MAX_POINTS = 32;

export function pointsOf(member: Member): readonly Point[] {
  const { facts, issuer } = member;
  const points = (facts.distributionPoints ?? []).slice(0, MAX_POINTS).map((point) => pointOf(point, member));
  const implied = { names: new Set([`dirName ${issuer}`]), reasons: REVOCATION_REASONS, issuers: undefined };
  return [...points, implied];
}

function pointOf({ name, reasons = REVOCATION_REASONS, issuer }: DistributionPoint, member: Member): Point {
  const issuers = issuer && new Set(issuer.map(textOf));
  const base = issuer?.find(({ kind }) => kind === 'dirName');
  const relativeTo =
    base?.kind === 'dirName' ? encodeDistinguishedName(base.name) : member.certificate.issuer;
  return { names: name && namesOf(name, relativeTo), reasons, issuers };
}

/** (b) (1): whether the CRL is by the issuer of the certificate, or by the cRLIssuer of the point. */
export const isByIssuer = ({ issuer, point }: ReceivedList, { issuers }: Point, member: Member): boolean =>
  issuers === undefined
    ? issuer === member.issuer
    : issuers.has(`dirName ${issuer}`) && point?.isIndirect === true;

/** (b) (2) */
export function isInScope({ point: limits, names }: ReceivedList, point: Point, member: Member): boolean {
  if (limits === undefined) return true;
  if (limits.isForAttributes || (limits.isForUsers && isCa(member)) || (limits.isForCas && !isCa(member)))
    return false;
  if (limits.name === undefined) return true;
  return [...(point.names ?? point.issuers ?? [])].some((name) => names.has(name));
}

/** (d) */
export function coveredReasons({ point: limits }: ReceivedList, { reasons }: Point): readonly string[] {
  const only = limits?.reasons && readReasons(limits.reasons);
  return only === undefined ? reasons : reasons.filter((reason) => only.includes(reason));
}
