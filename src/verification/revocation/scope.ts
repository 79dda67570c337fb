/** Which certificates and reasons a CRL covers (RFC 5280 §6.3.3 (b), (d)). */

import { ifReadable } from '../../base/errors.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import {
  readReasons,
  REVOCATION_REASONS,
  type DistributionPoint,
} from '../../x509/extensions/distribution-points.ts';
import {
  decodeDistinguishedName,
  encodeDistinguishedName,
  readRelativeDistinguishedName,
} from '../../x509/names/distinguished-name.ts';
import {
  encodeGeneralName,
  readGeneralNames,
  type GeneralName,
  type OtherGeneralName,
} from '../../x509/names/general-name-encoding.ts';
import { isCa, nameText, type Member } from '../member.ts';
import type { ReceivedList } from './received-list.ts';

/** A distribution point of the certificate, or the one that every certificate has (§6.3.3, the last paragraph). */
export interface Point {
  /** Names of the point as texts; undefined for a point without a name. */
  readonly names: readonly string[] | undefined;
  readonly reasons: readonly string[];
  /** Names of cRLIssuer as texts; undefined for the issuer of the certificate. */
  readonly issuers: readonly string[] | undefined;
}

export function pointsOf(member: Member): readonly Point[] {
  const { facts, issuer } = member;
  const points = (facts.distributionPoints ?? []).map((point) => pointOf(point, member));
  const implied = { names: [`dirName ${issuer}`], reasons: REVOCATION_REASONS, issuers: undefined };
  return [...points, implied];
}

function pointOf({ name, reasons = REVOCATION_REASONS, issuer }: DistributionPoint, member: Member): Point {
  const issuers = issuer?.map(textOf);
  const base = issuer?.find(({ kind }) => kind === 'dirName');
  const relativeTo =
    base?.kind === 'dirName' ? encodeDistinguishedName(base.name) : member.certificate.issuer;
  return { names: name && namesOf(name, relativeTo), reasons, issuers };
}

/** DistributionPointName ::= CHOICE { fullName [0], nameRelativeToCRLIssuer [1] } */
function namesOf(name: DerElement, issuer: Member['certificate']['issuer']): readonly string[] {
  const names = ifReadable(() => {
    if (name.tag !== RELATIVE) return readGeneralNames(name).map(textOf);
    const whole = [...decodeDistinguishedName(issuer), readRelativeDistinguishedName(name)];
    return [`dirName ${nameText(encodeDistinguishedName(whole))}`];
  });
  return names ?? [];
}

const RELATIVE = 0xa1;

/** Names that are the same have the same text. */
function textOf(name: GeneralName | OtherGeneralName): string {
  if (name.kind === 'dirName') return `dirName ${nameText(encodeDistinguishedName(name.name))}`;
  const der = name.kind === 'other' ? name.der : encodeGeneralName(name);
  return `${name.kind} ${Buffer.from(der).toString('hex')}`;
}

/** (b) (1): whether the CRL is by the issuer of the certificate, or by the cRLIssuer of the point. */
export const isByIssuer = ({ issuer, point }: ReceivedList, { issuers }: Point, member: Member): boolean =>
  issuers === undefined
    ? issuer === member.issuer
    : issuers.includes(`dirName ${issuer}`) && point?.isIndirect === true;

/** (b) (2) */
export function isInScope({ point: limits, crl }: ReceivedList, point: Point, member: Member): boolean {
  if (limits === undefined) return true;
  if (limits.isForAttributes || (limits.isForUsers && isCa(member)) || (limits.isForCas && !isCa(member)))
    return false;
  if (limits.name === undefined) return true;
  const names = namesOf(limits.name, crl.issuer);
  return (point.names ?? point.issuers ?? []).some((name) => names.includes(name));
}

/** (d) */
export function coveredReasons({ point: limits }: ReceivedList, { reasons }: Point): readonly string[] {
  const only = limits?.reasons && readReasons(limits.reasons);
  return only === undefined ? reasons : reasons.filter((reason) => only.includes(reason));
}
