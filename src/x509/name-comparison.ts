import type { DistinguishedName, RelativeDistinguishedName } from './distinguished-name.ts';

/** Attribute values are compared without regard to case and to the amount of white space (RFC 5280 §7.1). */
const prepared = (value: string): string => value.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');

/** One text for all orders of the attributes: an RDN is a set. */
function canonicalForm(rdn: RelativeDistinguishedName): string {
  const attributes = rdn.map(({ type, value }) => JSON.stringify([type, prepared(value)]));
  return attributes.toSorted((a, b) => (a < b ? -1 : 1)).join();
}

/** Whether `name` begins with all of `base`: a directoryName subtree (RFC 5280 §4.2.1.10). */
export function isWithinName(name: DistinguishedName, base: DistinguishedName): boolean {
  return (
    base.length <= name.length &&
    base.every((rdn, index) => canonicalForm(rdn) === canonicalForm(name[index] ?? []))
  );
}

export const isSameName = (a: DistinguishedName, b: DistinguishedName): boolean =>
  a.length === b.length && isWithinName(a, b);
