/** Writes NameConstraints (RFC 5280 §4.2.1.10; the ASN.1 is in `name-constraints.ts`). */

import type { Der } from '../../formats/der/header.ts';
import { concat, contextConstructed, contextPrimitive, sequence } from '../../formats/der/writer.ts';
import { encodeDistinguishedName } from '../names/distinguished-name.ts';
import type { NameConstraints, Subtree } from './name-constraints.ts';

/** The kinds of subtree that are written. */
export type WritableSubtree = Exclude<Subtree, { readonly kind: 'RID' | 'otherName' | 'other' }>;

/** At least one of the lists is not empty. */
export interface WritableNameConstraints extends NameConstraints {
  readonly permitted: readonly WritableSubtree[];
  readonly excluded: readonly WritableSubtree[];
}

/** An empty list is absent; minimum is 0, its DEFAULT, and maximum is absent. */
export const encodeNameConstraints = ({ permitted, excluded }: WritableNameConstraints): Der =>
  sequence(...generalSubtrees(0, permitted), ...generalSubtrees(1, excluded));

const generalSubtrees = (tag: number, subtrees: readonly WritableSubtree[]): readonly Der[] =>
  subtrees.length === 0
    ? []
    : [contextConstructed(tag, ...subtrees.map((subtree) => sequence(encodeBase(subtree))))];

const TAG_NUMBER = { email: 1, DNS: 2, URI: 6 } as const;

function encodeBase(subtree: WritableSubtree): Der {
  switch (subtree.kind) {
    case 'IP':
      return contextPrimitive(7, concat([subtree.address, subtree.mask]));
    case 'dirName':
      return contextConstructed(4, encodeDistinguishedName(subtree.name));
    default:
      return contextPrimitive(TAG_NUMBER[subtree.kind], Buffer.from(subtree.value, 'latin1'));
  }
}
