/** The attributes of a Name as they are encoded. */

import type { Der } from '../formats/der/header.ts';
import { decodeOid, decodeText, elementOf, membersOf } from '../formats/der/reader.ts';
import { TAG } from '../formats/der/writer.ts';

export interface NameAttribute {
  /** Dotted OID. */
  readonly type: string;
  /** Of the value. */
  readonly tag: number;
  readonly contents: Uint8Array;
  /** Undefined for a value that is not a string. */
  readonly text: string | undefined;
  /** Index of its RDN. */
  readonly rdn: number;
}

/** Returns the attributes in their order. Whatever is not an attribute is left out. */
export function attributesOf(name: Der): readonly NameAttribute[] {
  const attributes: NameAttribute[] = [];
  let rdn = 0;
  for (const set of membersOf(elementOf(name))) {
    for (const attribute of membersOf(set)) {
      const [type, value] = membersOf(attribute);
      if (type?.tag !== TAG.objectIdentifier || value === undefined) continue;
      const { tag, contents } = value;
      attributes.push({ type: decodeOid(type.contents), tag, contents, text: decodeText(value), rdn });
    }
    rdn += 1;
  }
  return attributes;
}
