/** Extensions of CRLs (RFC 5280 §5.2, §5.3), which certificates have by mistake. */

import type { Der } from '../../formats/der/header.ts';
import { elementOf, type DerElement } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { describePointName, describeReasons } from './distribution-points.ts';
import { invalidExtension, openExtension } from './extension.ts';

/** CRLReason, in the order of its numbers; 7 is not used. */
const REASONS = [
  'unspecified',
  'keyCompromise',
  'cACompromise',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
  '7',
  'removeFromCRL',
  'privilegeWithdrawn',
  'aACompromise',
];

/** Returns undefined for an unknown number. */
export const crlReasonName = (code: number): string | undefined => REASONS[code];

/** CRLReason ::= ENUMERATED */
export function describeReasonCode(value: Der): string[] {
  const { tag, contents } = elementOf(value);
  const reason = contents.length === 1 ? REASONS[contents[0] ?? REASONS.length] : undefined;
  if (tag === TAG.enumerated && reason !== undefined) return [reason];
  throw invalidExtension('CRLReason must be an ENUMERATED from 0 to 10');
}

/**
 * IssuingDistributionPoint ::= SEQUENCE {
 *      distributionPoint          [0] DistributionPointName OPTIONAL,
 *      onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
 *      onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
 *      onlySomeReasons            [3] ReasonFlags OPTIONAL,
 *      indirectCRL                [4] BOOLEAN DEFAULT FALSE,
 *      onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }       -- RFC 5280 §5.2.5
 */
export interface IssuingDistributionPoint {
  /** DistributionPointName, a CHOICE. */
  readonly name: DerElement | undefined;
  readonly isForUsers: boolean;
  readonly isForCas: boolean;
  readonly isForAttributes: boolean;
  readonly isIndirect: boolean;
  /** ReasonFlags; undefined for all reasons. */
  readonly reasons: DerElement | undefined;
}

/** Throws PkiError invalid-extension. */
export function readIssuingDistributionPoint(value: Der): IssuingDistributionPoint {
  const reader = openExtension('IssuingDistributionPoint', value);
  const flag = (member: string, tag: number): boolean =>
    (reader.optionalElement(member, tag)?.contents[0] ?? 0) !== 0;
  const name = reader.optionalStructure('distributionPoint', 0xa0)?.element('DistributionPointName');
  const isForUsers = flag('onlyContainsUserCerts', 0x81);
  const isForCas = flag('onlyContainsCACerts', 0x82);
  const reasons = reader.optionalElement('onlySomeReasons', 0x83);
  const isIndirect = flag('indirectCRL', 0x84);
  const isForAttributes = flag('onlyContainsAttributeCerts', 0x85);
  reader.end();
  return { name, isForUsers, isForCas, isForAttributes, isIndirect, reasons };
}

export function describeIssuingDistributionPoint(value: Der): string[] {
  const point = readIssuingDistributionPoint(value);
  return [
    ...(point.name ? describePointName(point.name) : []),
    ...(point.isForUsers ? ['onlyContainsUserCerts'] : []),
    ...(point.isForCas ? ['onlyContainsCACerts'] : []),
    ...(point.reasons ? [`only for ${describeReasons(point.reasons)}`] : []),
    ...(point.isIndirect ? ['indirectCRL'] : []),
    ...(point.isForAttributes ? ['onlyContainsAttributeCerts'] : []),
  ];
}
