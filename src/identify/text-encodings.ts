/**
 * base64, base64url and hexadecimal, from octets to octets, because the content can be a private key. White space and missing
 * padding are tolerated, as are `:` and `-` between the octets of hexadecimal.
 */

import { ifReadable } from '../base/errors.ts';
import { decodeBase64 } from '../formats/base64.ts';

export type TextEncoding = 'base64' | 'base64url' | 'hexadecimal';

export interface DecodedText {
  readonly encoding: TextEncoding;
  /** A copy, for the caller to zero. */
  readonly octets: Uint8Array;
}

const SPACE = 1;
const HEX = 2;
const SEPARATOR = 4;
const STANDARD = 8;
const URL_SAFE = 16;
const PAD = 32;

const CLASSES = Uint8Array.from({ length: 256 }, (_, octet) => classOf(String.fromCharCode(octet)));

function classOf(character: string): number {
  if (/[ \t-\r]/.test(character)) return SPACE;
  if (/[\da-f]/i.test(character)) return HEX | STANDARD | URL_SAFE;
  if (/[g-z]/i.test(character)) return STANDARD | URL_SAFE;
  if (/[+/]/.test(character)) return STANDARD;
  if (character === '-') return URL_SAFE | SEPARATOR;
  if (character === '_') return URL_SAFE;
  if (character === ':') return SEPARATOR;
  return character === '=' ? PAD : 0;
}

/** The characters that must be left after white space; shorter text is a word. */
const MIN_LENGTH = 16;

/** Returns undefined for text that is not in one of the encodings. */
export function decodeText(text: Uint8Array): DecodedText | undefined {
  const { common, length } = survey(text);
  if (length < MIN_LENGTH) return undefined;
  if ((common & HEX) !== 0) {
    const octets = decodeHexadecimal(text);
    if (octets !== undefined) return { encoding: 'hexadecimal', octets };
  }
  if ((common & STANDARD) !== 0) return decoded('base64', text, length);
  return (common & URL_SAFE) !== 0 ? decoded('base64url', text, length) : undefined;
}

/**
 * Which encodings allow every character, and the number of characters that are neither white space nor padding. It ends where
 * no encoding is left.
 */
function survey(text: Uint8Array): { common: number; length: number } {
  let common = HEX | STANDARD | URL_SAFE;
  let length = 0;
  for (let at = 0; at < text.length && common !== 0; at += 1) {
    const kind = CLASSES[text[at] ?? 0] ?? 0;
    if (kind === SPACE) continue;
    if (kind === PAD) common &= ~HEX;
    else {
      length += 1;
      common &= (kind & SEPARATOR) === 0 ? kind : kind | HEX;
    }
  }
  return { common, length };
}

const NO_DIGIT = 255;
const DIGITS = Uint8Array.from({ length: 256 }, (_, octet) => {
  const digit = Number.parseInt(String.fromCharCode(octet), 16);
  return Number.isNaN(digit) ? NO_DIGIT : digit;
});

/** Returns undefined for an odd number of digits. */
function decodeHexadecimal(text: Uint8Array): Uint8Array | undefined {
  const octets = new Uint8Array(new ArrayBuffer((text.length >> 1) + 1));
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    const digit = DIGITS[text[at] ?? 0] ?? NO_DIGIT;
    if (digit === NO_DIGIT) continue;
    octets[count >> 1] = ((octets[count >> 1] ?? 0) << 4) | digit;
    count += 1;
  }
  if (count % 2 === 0) return octets.subarray(0, count / 2);
  octets.fill(0);
  return undefined;
}

const PADDING = 0x3d;

/** By octet: its character in the alphabet of base64. 0 for white space and padding, which are left out. */
const SYMBOLS = Uint8Array.from({ length: 256 }, (_, octet) => symbolOf(octet));

function symbolOf(octet: number): number {
  if (octet === PADDING || CLASSES[octet] === SPACE) return 0;
  if (octet === 0x2d) return 0x2b;
  return octet === 0x5f ? 0x2f : octet;
}

/** `length` is the number of characters of the alphabet. */
function decoded(encoding: TextEncoding, text: Uint8Array, length: number): DecodedText | undefined {
  const octets = ifReadable(() => decodeBase64(text)) ?? decodedLoosely(text, length);
  return octets && { encoding, octets };
}

/** Decodes either alphabet, with padding anywhere or nowhere. */
function decodedLoosely(text: Uint8Array, length: number): Uint8Array | undefined {
  const padded = new Uint8Array(new ArrayBuffer(Math.ceil(length / 4) * 4)).fill(PADDING);
  let end = 0;
  for (let at = 0; at < text.length; at += 1) {
    const symbol = SYMBOLS[text[at] ?? 0] ?? 0;
    if (symbol === 0) continue;
    padded[end] = symbol;
    end += 1;
  }
  try {
    return ifReadable(() => decodeBase64(padded));
  } finally {
    padded.fill(0);
  }
}
