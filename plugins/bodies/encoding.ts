import { isUtf8 } from 'node:buffer';
import { JsonFault, placeOf } from '../../src/base/json/fault.ts';

const BYTE_ORDER_MARK = Uint8Array.of(0xef, 0xbb, 0xbf);

/**
 * Returns the JSON text of a body: its octets without a byte order mark, which RFC 8259 §8.1 lets a parser ignore. It is a view
 * of `octets`. Throws JsonFault for a text that is not UTF-8.
 */
export function utf8Text(octets: Buffer): Buffer {
  if (isUtf16(octets)) throw new JsonFault('The body is UTF-16 or UTF-32; JSON must be sent in UTF-8');
  if (!isUtf8(octets))
    throw new JsonFault(`The body is not valid UTF-8 at ${placeOf(octets, faultyOctet(octets))}`);
  return startsWith(octets, BYTE_ORDER_MARK) ? octets.subarray(BYTE_ORDER_MARK.length) : octets;
}

const startsWith = (octets: Buffer, start: Uint8Array): boolean =>
  octets.subarray(0, start.length).equals(start);

/** Every JSON text begins with a character of ASCII, and no text in UTF-8 has FE, FF or a NUL there. */
function isUtf16(octets: Buffer): boolean {
  const [first, second] = octets;
  if (octets.length < 2) return false;
  return (
    first === 0 || second === 0 || (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
  );
}

/** Returns the index of the first character that is not UTF-8: first in steps of many characters, then of one. */
function faultyOctet(octets: Buffer): number {
  let at = 0;
  for (const step of [4096, 1]) {
    let next = characterStart(octets, at + step);
    while (isUtf8(octets.subarray(at, next))) {
      at = next;
      next = characterStart(octets, at + step);
    }
  }
  return at;
}

/** Returns the index of the first character that begins at `from` or later. */
function characterStart(octets: Buffer, from: number): number {
  let at = from;
  while (((octets[at] ?? 0) & 0xc0) === 0x80) at += 1;
  return at;
}
