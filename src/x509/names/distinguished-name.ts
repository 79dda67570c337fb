/**
 * Name ::= CHOICE { rdnSequence  RDNSequence }
 * RDNSequence ::= SEQUENCE OF RelativeDistinguishedName
 * RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue      -- RFC 5280 §4.1.2.4
 */

import { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import type { DerElement } from '../../formats/der/reader.ts';
import { sequence, setOf, TAG } from '../../formats/der/writer.ts';
import { openSequence, StructureReader } from '../../formats/der/structure-reader.ts';
import type { Reading } from '../../formats/reading.ts';
import { attributeTypeName } from './attribute-type.ts';
import {
  checkAttribute,
  decodeAttribute,
  encodeAttribute,
  writableAttribute,
  type AttributeTypeAndValue,
} from './attribute-value.ts';

export type { AttributeTypeAndValue } from './attribute-value.ts';

/** The order of the attributes has no meaning; they are encoded in the order of DER. */
export type RelativeDistinguishedName = readonly AttributeTypeAndValue[];

/** In the order of the encoding: the most significant RDN first, as in the one-line form. */
export type DistinguishedName = readonly RelativeDistinguishedName[];

const MAX_RDNS = 64;

/** Returns a Name, DER. Any name is accepted; {@link checkDistinguishedName} checks if it can be certified. */
export const encodeDistinguishedName = (name: DistinguishedName): Der =>
  sequence(...name.map((rdn) => setOf(...rdn.map(encodeAttribute))));

/**
 * Reads a Name with any attribute types and string types. Encoding the result gives the same octets again. Throws PkiError
 * invalid-subject for another structure.
 */
export function decodeDistinguishedName(der: Der): DistinguishedName {
  const reader = openSequence(der, { name: 'Name', code: 'invalid-subject' });
  const name: RelativeDistinguishedName[] = [];
  while (reader.hasMore) name.push(readRdn(reader.structure('RelativeDistinguishedName', TAG.set)));
  return name;
}

/** Reads an RDN with an IMPLICIT tag. Throws PkiError invalid-subject. */
export const readRelativeDistinguishedName = (element: DerElement): RelativeDistinguishedName =>
  readRdn(new StructureReader(element, { name: 'RelativeDistinguishedName', code: 'invalid-subject' }));

function readRdn(reader: StructureReader): RelativeDistinguishedName {
  const rdn: AttributeTypeAndValue[] = [];
  do rdn.push(readAttribute(reader.structure('AttributeTypeAndValue')));
  while (reader.hasMore);
  return rdn;
}

function readAttribute(reader: StructureReader): AttributeTypeAndValue {
  const attribute = decodeAttribute(reader.oid('type'), reader.element('value'));
  reader.end();
  return attribute;
}

/** Returns the name with each attribute as it may be written, where there is such an encoding. Notes each change. */
export const writableName = (name: DistinguishedName, reading: Reading): DistinguishedName =>
  name.map((rdn) => rdn.map((attribute) => writableAttribute(attribute, reading)));

/**
 * Throws PkiError invalid-subject unless `name` is allowed in a new certificate: string types, lengths and characters of
 * the values (RFC 5280 §4.1.2.4, appendix A.1), and only known types. The empty name is allowed.
 */
export function checkDistinguishedName(name: DistinguishedName): void {
  if (name.length > MAX_RDNS) {
    throw new PkiError('invalid-subject', `A name must have at most ${MAX_RDNS} parts, not ${name.length}`);
  }
  name.forEach(checkRdn);
}

function checkRdn(rdn: RelativeDistinguishedName): void {
  if (rdn.length === 0)
    throw new PkiError('invalid-subject', 'Each part of a name must have at least one attribute');
  rdn.forEach(checkAttribute);
  // X.501 §9.3: each type once in an RDN
  const types = new Set<string>();
  for (const { type } of rdn) {
    if (types.has(type))
      throw new PkiError(
        'invalid-subject',
        `The attribute ${attributeTypeName(type)} must not occur twice in one multi-valued part: put it in a separate part`,
      );
    types.add(type);
  }
}
