/**
 * AnotherName ::= SEQUENCE {
 *      type-id    OBJECT IDENTIFIER,
 *      value      [0] EXPLICIT ANY DEFINED BY type-id }           -- RFC 5280 §4.2.1.6
 *
 * In a GeneralName its tag is [0] IMPLICIT.
 */

import type { Der } from '../../formats/der/header.ts';
import { decodeOid, membersOf, type DerElement } from '../../formats/der/reader.ts';
import { contextConstructed, objectIdentifier, TAG } from '../../formats/der/writer.ts';

export interface OtherName {
  readonly kind: 'otherName';
  /** Dotted OID. */
  readonly type: string;
  /** DER. */
  readonly value: Der;
}

export const encodeOtherName = ({ type, value }: OtherName): Der =>
  contextConstructed(0, objectIdentifier(type), contextConstructed(0, value));

/** Returns undefined for another structure. */
export function decodeOtherName(element: DerElement): OtherName | undefined {
  const [type, explicit, ...more] = membersOf(element);
  if (type?.tag !== TAG.objectIdentifier || explicit?.tag !== 0xa0 || more.length > 0) return undefined;
  const [value, ...others] = membersOf(explicit);
  if (value === undefined || others.length > 0) return undefined;
  return { kind: 'otherName', type: decodeOid(type.contents), value: value.encoding };
}
