import type { PkiError } from '../../base/errors.ts';
import type { Der } from '../../formats/der/header.ts';
import { elementOf, membersOf } from '../../formats/der/reader.ts';

/** Returns the offset of `view` in `whole`, of which it is a view. */
export const offsetWithin = (whole: Uint8Array, view: Uint8Array): number =>
  view.byteOffset - whole.byteOffset;

const MEMBERS = ['version', 'privateKeyAlgorithm', 'privateKey'];
const TAGGED: ReadonlyMap<number, string> = new Map([
  [0xa0, 'attributes'],
  [0x81, 'publicKey'],
  [0xa1, 'publicKey'],
]);

/** Returns the offset of the member of a OneAsymmetricKey that the error names; undefined for an error about the whole. */
export function offsetOfMember(pkcs8: Der, { where = '' }: PkiError): number | undefined {
  const octet = /^octet (\d+)$/.exec(where)?.[1];
  if (octet !== undefined) return Number(octet);
  let index = 0;
  for (const { tag, encoding } of membersOf(elementOf(pkcs8))) {
    const name = MEMBERS[index] ?? TAGGED.get(tag) ?? 'another member';
    if (where.split('.')[1] === name) return offsetWithin(pkcs8, encoding);
    index += 1;
  }
  return undefined;
}
