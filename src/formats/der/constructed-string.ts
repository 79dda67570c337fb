/** Strings in constructed form: the contents of their parts, one after the other (X.690 §8.6.4, §8.7.3, §8.23). */

import { TAG, TEXT_TAGS } from './writer.ts';
import { elementOf } from './reader.ts';
import type { Der } from './header.ts';

const STRINGS: ReadonlySet<number> = new Set([TAG.bitString, TAG.octetString, ...TEXT_TAGS]);

/**
 * `tag` is that of the primitive form, and `parts` are DER, in primitive form too. Returns the
 * contents in parts, without a copy; undefined for a type that is not a string, and for parts of another type.
 */
export function constructedString(
  tag: number,
  parts: readonly Uint8Array[],
): readonly Uint8Array[] | undefined {
  if (!STRINGS.has(tag)) return undefined;
  const elements = parts.map((part) => elementOf(part as Der));
  const isOfParts = elements.every(
    (part) => part.tag === tag || (part.tag === TAG.octetString && tag !== TAG.bitString),
  );
  if (!isOfParts) return undefined;
  const contents = elements.map((part) => part.contents);
  return tag === TAG.bitString ? joinBits(contents) : contents;
}

/** Only the last part may have unused bits (X.690 §8.6.4.1). */
function joinBits(parts: readonly Uint8Array[]): readonly Uint8Array[] | undefined {
  if (parts.slice(0, -1).some(([unused]) => unused !== 0)) return undefined;
  const unused = parts.at(-1)?.[0] ?? 0;
  return [Uint8Array.of(unused), ...parts.map((part) => part.subarray(1))];
}
