/** Attributes that a profile adds to the subject. */

import {
  checkDistinguishedName,
  encodeDistinguishedName,
  type AttributeTypeAndValue,
  type DistinguishedName,
} from '../x509/names/distinguished-name.ts';
import type { RequestedContent } from '../ca/requested-content.ts';
import { attributeTypeName } from '../x509/names/attribute-type.ts';
import type { SubjectDocument } from './document.ts';
import { inDocument } from './invalid-document.ts';
import { readAttributeRules } from './rules/subject-rules.ts';

export type FixedAttribute = AttributeTypeAndValue;

/** The most significant attributes first (X.501 §9); others follow. */
const ORDER = Object.freeze(['DC', 'C', 'ST', 'L', 'street', 'postalCode', 'O', 'OU']);

const rank = ({ type }: FixedAttribute): number => {
  const index = ORDER.indexOf(attributeTypeName(type));
  return index < 0 ? ORDER.length : index;
};

/** In the order of the subject. Throws PkiError invalid-profile-document for a value that its type does not allow. */
export const fixedAttributes = (subject: SubjectDocument | undefined): readonly FixedAttribute[] =>
  readAttributeRules(subject ?? {})
    .flatMap(({ oid, member, fixed }) => {
      if (fixed === undefined) return [];
      const attribute = { type: oid, value: fixed };
      inDocument(['subject', 'attributes', member, 'fixed'], () => checkDistinguishedName([[attribute]]));
      return [attribute];
    })
    .toSorted((a, b) => rank(a) - rank(b));

/** Returns the content with the attributes that its subject does not have, before those that it has. */
export function withFixedAttributes(
  fixed: readonly FixedAttribute[],
  content: RequestedContent,
): RequestedContent {
  const present = new Set(content.subjectName.flat().map(({ type }) => type));
  const added = fixed.filter(({ type }) => !present.has(type));
  if (added.length === 0) return content;
  const subjectName: DistinguishedName = [...added.map((attribute) => [attribute]), ...content.subjectName];
  return { ...content, subjectName, subject: encodeDistinguishedName(subjectName) };
}
