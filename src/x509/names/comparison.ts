import {
  encodeDistinguishedName,
  type DistinguishedName,
  type RelativeDistinguishedName,
} from './distinguished-name.ts';
import { withoutAnyJoiner } from './joiners.ts';
import { hasLongCombiningRun } from './printable-text.ts';

/** A text for each RDN. Names that are equal by RFC 5280 §7.1 have equal texts. */
export type CanonicalName = readonly string[];

/** Of all values together, in UTF-16 code units. Longer names are not canonicalized: it takes too long. */
const MAX_LENGTH = 4096;

/** Returns undefined for a name that is too long to be canonicalized, or has more than 30 combining characters in a row. */
export function canonicalName(name: DistinguishedName): CanonicalName | undefined {
  const values = name.flat().map(({ value }) => value);
  const length = values.reduce((sum, value) => sum + value.length, 0);
  return length > MAX_LENGTH || values.some(hasLongCombiningRun) ? undefined : name.map(canonicalForm);
}

/** The same text for every order of the attributes, because an RDN is a set. */
function canonicalForm(rdn: RelativeDistinguishedName): string {
  const attributes = rdn.map(({ type, value }) => JSON.stringify([type, prepared(value)]));
  return attributes.toSorted((a, b) => (a < b ? -1 : 1)).join();
}

/** The comparison of attribute values ignores case, joiners and the amount of white space (RFC 5280 §7.1, RFC 4518 §2). */
const prepared = (value: string): string =>
  withoutAnyJoiner(value.normalize('NFKC')).toLowerCase().trim().replace(/\s+/g, ' ');

/** Whether `name` begins with all of `base`: a directoryName subtree (RFC 5280 §4.2.1.10). */
export const isWithinName = (name: CanonicalName, base: CanonicalName): boolean =>
  base.length <= name.length && base.every((rdn, index) => rdn === name[index]);

/** A name without a canonical form is equal only to itself. */
export function isSameName(a: DistinguishedName, b: DistinguishedName): boolean {
  if (a.length !== b.length) return false;
  const [first, second] = [canonicalName(a), canonicalName(b)];
  return first && second ? isWithinName(first, second) : isIdentical(a, b);
}

/** Returns a text that two names have in common when {@link isSameName} is true for them, and only then. */
export const comparableName = (name: DistinguishedName): string =>
  canonicalName(name)?.join('\n') ?? Buffer.from(encodeDistinguishedName(name)).toString('hex');

const isIdentical = (a: DistinguishedName, b: DistinguishedName): boolean =>
  Buffer.compare(encodeDistinguishedName(a), encodeDistinguishedName(b)) === 0;
