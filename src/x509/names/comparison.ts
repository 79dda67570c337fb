import type { DistinguishedName, RelativeDistinguishedName } from './distinguished-name.ts';

/** A text for each RDN. Names that are equal by RFC 5280 §7.1 have equal texts. */
export type CanonicalName = readonly string[];

export const canonicalName = (name: DistinguishedName): CanonicalName => name.map(canonicalForm);

/** The same text for every order of the attributes, because an RDN is a set. */
function canonicalForm(rdn: RelativeDistinguishedName): string {
  const attributes = rdn.map(({ type, value }) => JSON.stringify([type, prepared(value)]));
  return attributes.toSorted((a, b) => (a < b ? -1 : 1)).join();
}

/** The comparison of attribute values ignores case and the amount of white space (RFC 5280 §7.1). */
const prepared = (value: string): string => value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');

/** Whether `name` begins with all of `base`: a directoryName subtree (RFC 5280 §4.2.1.10). */
export const isWithinName = (name: CanonicalName, base: CanonicalName): boolean =>
  base.length <= name.length && base.every((rdn, index) => rdn === name[index]);

export const isSameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.length === b.length && isWithinName(canonicalName(a), canonicalName(b));
