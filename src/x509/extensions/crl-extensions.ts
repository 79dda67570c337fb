/** Extensions of CRLs (RFC 5280 §5.2, §5.3), which certificates have by mistake. */

import type { Der } from '../../formats/der/header.ts';
import { elementOf } from '../../formats/der/reader.ts';
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

/** CRLReason ::= ENUMERATED */
export function describeReasonCode(value: Der): string[] {
  const { tag, contents } = elementOf(value);
  const reason = contents.length === 1 ? REASONS[contents[0] ?? REASONS.length] : undefined;
  if (tag === TAG.enumerated && reason !== undefined) return [reason];
  throw invalidExtension('CRLReason must be an ENUMERATED from 0 to 10');
}

const FLAGS: readonly (readonly [name: string, tag: number])[] = [
  ['onlyContainsUserCerts', 0x81],
  ['onlyContainsCACerts', 0x82],
];

/**
 * IssuingDistributionPoint ::= SEQUENCE {
 *      distributionPoint          [0] DistributionPointName OPTIONAL,
 *      onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
 *      onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
 *      onlySomeReasons            [3] ReasonFlags OPTIONAL,
 *      indirectCRL                [4] BOOLEAN DEFAULT FALSE,
 *      onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
 */
export function describeIssuingDistributionPoint(value: Der): string[] {
  const reader = openExtension('IssuingDistributionPoint', value);
  const name = reader.optionalStructure('distributionPoint', 0xa0)?.element('DistributionPointName');
  const flags = FLAGS.filter(([member, tag]) => reader.optionalElement(member, tag) !== undefined);
  const reasons = reader.optionalElement('onlySomeReasons', 0x83);
  const isIndirect = reader.optionalElement('indirectCRL', 0x84) !== undefined;
  const isForAttributes = reader.optionalElement('onlyContainsAttributeCerts', 0x85) !== undefined;
  reader.end();
  return [
    ...(name ? describePointName(name) : []),
    ...flags.map(([member]) => member),
    ...(reasons ? [`only for ${describeReasons(reasons)}`] : []),
    ...(isIndirect ? ['indirectCRL'] : []),
    ...(isForAttributes ? ['onlyContainsAttributeCerts'] : []),
  ];
}
