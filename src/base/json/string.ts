/**
 * Strings of JSON as octets: a secret in them can be zeroed, but not in a string of JavaScript. The scanner has checked
 * their characters and escapes.
 */

import { asBuffer } from '../octets.ts';
import { JsonFault } from './fault.ts';

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** RFC 8259 §7: the letter of an escape, and its character. */
const ESCAPES: ReadonlyMap<number, number> = new Map(
  Object.entries({ '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }).map(
    ([letter, character]) => [letter.charCodeAt(0), character.charCodeAt(0)],
  ),
);

/** Undoes the escapes from `start` to `end` in place, and returns the new end of the text. Throws JsonFault. */
export function unescapeInPlace(octets: Uint8Array, start: number, end: number): number {
  const first = asBuffer(octets).subarray(start, end).indexOf(BACKSLASH);
  if (first < 0) return end;
  let to = start + first;
  for (let at = to; at < end;) {
    const octet = octets[at] ?? 0;
    if (octet !== BACKSLASH) {
      octets[to] = octet;
      to += 1;
      at += 1;
    } else if (octets[at + 1] !== LETTER_U) {
      octets[to] = ESCAPES.get(octets[at + 1] ?? 0) ?? fail();
      to += 1;
      at += 2;
    } else {
      const { codePoint, length } = codePointAt(octets, at, end);
      to = writeUtf8(octets, to, codePoint);
      at += length;
    }
  }
  return to;
}

/** The code point of one escape `\uXXXX`, or of two that form a surrogate pair. `length` is their length in bytes. */
function codePointAt(octets: Uint8Array, at: number, end: number): { codePoint: number; length: number } {
  const unit = codeUnitAt(octets, at + 2, end);
  if (!isSurrogate(unit)) return { codePoint: unit, length: 6 };
  const isEscapeNext = octets[at + 6] === BACKSLASH && octets[at + 7] === LETTER_U && at + 6 < end;
  const low = isEscapeNext ? codeUnitAt(octets, at + 8, end) : 0;
  if (unit < 0xdc00 && low >= 0xdc00 && low <= 0xdfff)
    return { codePoint: 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00), length: 12 };
  return { codePoint: REPLACEMENT, length: 6 };
}

/** The code point that TextEncoder writes for a surrogate without its pair. */
const REPLACEMENT = 0xfffd;

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;

function codeUnitAt(octets: Uint8Array, start: number, end: number): number {
  if (start + 4 > end) fail();
  let unit = 0;
  for (let at = start; at < start + 4; at += 1) unit = (unit << 4) | hexDigit(octets[at] ?? 0);
  return unit;
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const letter = octet | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : fail();
}

/** RFC 3629 §3. */
function writeUtf8(octets: Uint8Array, at: number, codePoint: number): number {
  if (codePoint < 0x80) {
    octets[at] = codePoint;
    return at + 1;
  }
  const more = codePoint < 0x800 ? 1 : codePoint < 0x10000 ? 2 : 3;
  octets[at] = (LEADS[more] ?? 0) | (codePoint >> (6 * more));
  for (let i = 1; i <= more; i += 1) octets[at + i] = 0x80 | ((codePoint >> (6 * (more - i))) & 0x3f);
  return at + 1 + more;
}

/** Bits of the first byte, by the number of bytes that follow. */
const LEADS = Object.freeze([0, 0xc0, 0xe0, 0xf0]);

function fail(): never {
  throw new JsonFault('The body is not valid JSON');
}
