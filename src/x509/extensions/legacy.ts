/** Extensions of old programs, which roots in use still have. */

import { describeAlgorithm } from '../../formats/describe-algorithm.ts';
import type { Der } from '../../formats/der/header.ts';
import { TAG } from '../../formats/der/writer.ts';
import { hexadecimal } from '../../base/hexadecimal.ts';
import { openExtension } from './extension.ts';
import { isBitSet } from './key-usage.ts';
import { primitiveText } from './primitive-text.ts';

/** EntrustInfoFlags ::= BIT STRING, in the order of its bits. */
const ENTRUST_FLAGS = [
  'keyUpdateAllowed',
  'newExtensions',
  'pKIXCertificate',
  'enterpriseCategory',
  'webCategory',
  'sETCategory',
];

/** EntrustVersInfoSyntax ::= SEQUENCE { entrustVers GeneralString, entrustInfoFlags BIT STRING OPTIONAL } */
export function describeEntrustVersion(value: Der): string[] {
  const reader = openExtension('EntrustVersInfoSyntax', value);
  const version = primitiveText(reader.element('entrustVers', TAG.generalString));
  const flags = reader.optionalElement('entrustInfoFlags', TAG.bitString);
  reader.end();
  return [version, ...ENTRUST_FLAGS.filter((_, bit) => flags !== undefined && isBitSet(flags.contents, bit))];
}

/**
 * HashedRootKeySyntax ::= SEQUENCE { rootKeyThumbprint DigestedData } (SET 1.0, book 2): version, digest algorithm, content
 * and digest (RFC 5652 §7).
 */
export function describeHashedRootKey(value: Der): string[] {
  const reader = openExtension('HashedRootKeySyntax', value);
  const digested = reader.structure('rootKeyThumbprint');
  reader.end();
  digested.smallInteger('version');
  const { name } = describeAlgorithm(digested.element('digestAlgorithm', TAG.sequence).encoding);
  digested.element('contentInfo', TAG.sequence);
  const digest = hexadecimal(digested.octetString('digest'));
  digested.end();
  return [`${name} ${digest}`];
}
