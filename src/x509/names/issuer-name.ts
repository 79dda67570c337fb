/** Whether the subject of a CA can be the issuer of a new certificate, octet for octet, however odd its string types are. */

import type { Der } from '../../formats/der/header.ts';
import { primitiveFault } from '../../formats/der/primitive-rules.ts';
import { elementOf, membersOf, type DerElement } from '../../formats/der/reader.ts';
import { TAG } from '../../formats/der/writer.ts';
import { decodeDistinguishedName } from './distinguished-name.ts';
import { attributeTypeName } from './attribute-type.ts';

/** The types of the values of names that OpenSSL reads. BIT STRING and SEQUENCE: x500UniqueIdentifier, postalAddress. */
const TYPES: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.numericString,
  TAG.printableString,
  TAG.ia5String,
  TAG.teletexString,
  TAG.bmpString,
  TAG.universalString,
  TAG.bitString,
  TAG.sequence,
]);

/** Types of strings that OpenSSL reads only when their characters are right. */
const CHECKED: ReadonlySet<number> = new Set([TAG.utf8String, TAG.bmpString, TAG.universalString]);

const isReadable = ({ tag, contents }: DerElement): boolean =>
  TYPES.has(tag) && !(CHECKED.has(tag) && primitiveFault(tag, contents) !== undefined);

/** Returns the name of the first attribute whose value programs cannot read. Throws PkiError if `name` is not a Name. */
export function unreadableAttribute(name: Der): string | undefined {
  const attributes = decodeDistinguishedName(name).flat();
  const index = [...valuesOf(name)].findIndex((value) => !isReadable(value));
  const type = attributes[index]?.type;
  return type === undefined ? undefined : attributeTypeName(type);
}

/** The values in the order of the name. */
function* valuesOf(name: Der): Generator<DerElement, void> {
  for (const rdn of membersOf(elementOf(name)))
    for (const attribute of membersOf(rdn)) {
      const [, value] = membersOf(attribute);
      if (value !== undefined) yield value;
    }
}
