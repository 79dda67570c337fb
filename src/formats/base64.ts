/** base64 (RFC 4648 §4) from octets to octets: what holds a private key can be zeroed, which a string cannot. */

import { PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';

const ALPHABET = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PAD = 0x3d;
const LINE_FEED = 0x0a;

/** First and second character of every 12 bits: two look-ups of a pair cost less than four of one character. */
const FIRST = Uint8Array.from({ length: 4096 }, (_, bits) => ALPHABET[bits >> 6] ?? 0);
const SECOND = Uint8Array.from({ length: 4096 }, (_, bits) => ALPHABET[bits & 0x3f] ?? 0);

/** RFC 7468 §2: every line but the last has 64 characters. */
export const LINE_LENGTH = 64;
const LINE_OCTETS = (LINE_LENGTH / 4) * 3;

/** How many characters the encoding of `length` octets has. */
export const base64Length = (length: number): number => Math.ceil(length / 3) * 4;

/** Writes the characters of `octets` at `offset`, in one line, as ASCII. Answers where they end. */
export const writeBase64 = (text: Uint8Array, offset: number, octets: Uint8Array): number =>
  encodeInto(text, offset, octets, 0, octets.length);

/** base64 that is a string already: every character of it is one octet, and JSON escapes none. */
export class Base64Text {
  readonly text: string;

  /** Of octets that are no secret. */
  constructor(octets: Uint8Array) {
    this.text = asBuffer(octets).toString('base64');
  }
}

/** Lines of 64 characters, each with a line feed at its end, as PEM has them. */
export function encodeBase64Lines(octets: Uint8Array): Uint8Array {
  const lines = Math.ceil(octets.length / LINE_OCTETS);
  const text = new Uint8Array(base64Length(octets.length) + lines);
  let offset = 0;
  for (let start = 0; start < octets.length; start += LINE_OCTETS) {
    offset = encodeInto(text, offset, octets, start, Math.min(start + LINE_OCTETS, octets.length));
    text[offset] = LINE_FEED;
    offset += 1;
  }
  return text;
}

/** Writes the characters of `octets` from `start` to `end` at `offset`, and answers where they end. */
function encodeInto(
  text: Uint8Array,
  offset: number,
  octets: Uint8Array,
  start: number,
  end: number,
): number {
  let at = offset;
  for (let i = start; i < end; i += 3) {
    const bits = ((octets[i] ?? 0) << 16) | ((octets[i + 1] ?? 0) << 8) | (octets[i + 2] ?? 0);
    text[at] = FIRST[bits >> 12] ?? 0;
    text[at + 1] = SECOND[bits >> 12] ?? 0;
    text[at + 2] = FIRST[bits & 0xfff] ?? 0;
    text[at + 3] = SECOND[bits & 0xfff] ?? 0;
    at += 4;
  }
  const rest = (end - start) % 3;
  if (rest > 0) text.fill(PAD, at - 3 + rest, at);
  return at;
}

/** Values of the characters; beyond 63 what is none of them. */
const WHITE_SPACE = 64;
const NONE = 65;
const VALUES = Uint8Array.from({ length: 256 }, (_, character) => valueOf(character));

function valueOf(character: number): number {
  const value = ALPHABET.indexOf(character);
  if (value >= 0) return value;
  // RFC 7468 §3, W: space, tab, line feed, vertical tab, form feed, carriage return
  return character === 0x20 || (character >= 0x09 && character <= 0x0d) ? WHITE_SPACE : NONE;
}

/**
 * Decodes ASCII characters, among which white space may stand. `name` is what they are called in errors. Throws PkiError
 * invalid-encoding unless they are the one right encoding: nothing outside the alphabet, padded, no stray bits.
 */
export function decodeBase64(text: Uint8Array, name = 'the base64 text'): Uint8Array {
  // Off the heap, as they may be secret (src/base/octets.ts)
  const octets = new Uint8Array(new ArrayBuffer(decodedLength(text, name)));
  let bits = 0;
  let count = 0;
  let offset = 0;
  for (let index = 0; index < text.length; index += 1) {
    const value = VALUES[text[index] ?? 0] ?? NONE;
    if (value >= WHITE_SPACE) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets[offset] = bits >> count;
    offset += 1;
  }
  return octets;
}

/**
 * {@link decodeBase64} of what is no secret, in a tenth of the time: Node.js decodes it, and what encodes to the same text
 * was the one right encoding. It passes over much else, which is left to the strict reader.
 */
export function decodePublicBase64(text: Uint8Array, name?: string): Uint8Array {
  const characters = asBuffer(text).toString('latin1').replaceAll('\n', '');
  const octets = Buffer.from(characters, 'base64');
  return octets.toString('base64') === characters ? octets : decodeBase64(text, name);
}

/** Checks all of `text`. */
function decodedLength(text: Uint8Array, name: string): number {
  let characters = 0;
  let padding = 0;
  let last = 0;
  // By index, for an iterator costs ten times as much here
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? 0;
    const value = VALUES[character] ?? NONE;
    if (value === WHITE_SPACE) continue;
    if (character === PAD) padding += 1;
    else if (value === NONE || padding > 0) throw unexpected(character, index, name);
    else {
      characters += 1;
      last = value;
    }
  }
  const unused = (characters * 6) % 8;
  if ((characters + padding) % 4 !== 0 || padding > 2 || unused === 6)
    throw malformed(`${name} does not end as base64 does: it is cut off or wrongly padded`);
  if ((last & ((1 << unused) - 1)) !== 0) throw malformed(`${name} has stray bits before its padding`);
  return Math.floor((characters * 6) / 8);
}

const malformed = (sentence: string): PkiError => new PkiError('invalid-encoding', sentence);

/** What usually lies behind a character; the text itself may be secret and is not shown. */
function unexpected(character: number, index: number, name: string): PkiError {
  const place = `octet ${index} of ${name} is not base64`;
  if (character === 0x5c)
    return malformed(`${place} but a backslash: line breaks may be escaped once too often`);
  if (character === 0x2d || character === 0x5f)
    return malformed(`${place} but of base64url, which has - and _ for + and /`);
  return malformed(place);
}
