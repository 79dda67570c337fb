/** base64 (RFC 4648 §4) from octets to octets: octets of a private key can be zeroed, a string cannot. */

import { PkiError } from '../base/errors.ts';
import { asBuffer } from '../base/octets.ts';

const ALPHABET = new TextEncoder().encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
const PAD = 0x3d;
const LINE_FEED = 0x0a;

/** First and second character for every 12 bits: two lookups for a pair are faster than four for single characters. */
const FIRST = Uint8Array.from({ length: 4096 }, (_, bits) => ALPHABET[bits >> 6] ?? 0);
const SECOND = Uint8Array.from({ length: 4096 }, (_, bits) => ALPHABET[bits & 0x3f] ?? 0);

/** RFC 7468 §2: every line except the last has 64 characters. */
export const LINE_LENGTH = 64;
const LINE_OCTETS = (LINE_LENGTH / 4) * 3;

/** Number of characters in the encoding of `length` octets. */
export const base64Length = (length: number): number => Math.ceil(length / 3) * 4;

/** Number of groups of four characters that `length` characters fill or begin. */
const base64Groups = (length: number): number => Math.ceil(length / 4);

/** Writes the encoding of `octets` at `offset`, in one line, as ASCII. Returns the offset after it. */
export const writeBase64 = (text: Uint8Array, offset: number, octets: Uint8Array): number =>
  encodeInto(text, offset, octets, 0, octets.length);

/** Returns base64url without padding (RFC 4648 §5, RFC 7515 §2), as ASCII. The caller zeroes it when `octets` are secret. */
export function encodeBase64url(octets: Uint8Array): Uint8Array {
  const text = new Uint8Array(new ArrayBuffer(base64Length(octets.length)));
  writeBase64(text, 0, octets);
  for (const [from, to] of URL_CHARACTERS) replaceAll(text, from, to);
  const end = text.indexOf(PAD);
  return end < 0 ? text : text.subarray(0, end);
}

/** `+` and `-`, `/` and `_`. */
const URL_CHARACTERS = [
  [0x2b, 0x2d],
  [0x2f, 0x5f],
] as const;

function replaceAll(text: Uint8Array, from: number, to: number): void {
  for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + 1)) text[at] = to;
}

/** {@link decodeBase64} for base64url, with or without padding. */
export function decodeBase64url(text: Uint8Array, name?: string): Uint8Array {
  const end = text.includes(PAD) ? text.indexOf(PAD) : text.length;
  const base64 = new Uint8Array(new ArrayBuffer(base64Groups(end) * 4)).fill(PAD);
  base64.set(text.subarray(0, end));
  for (const [to, from] of URL_CHARACTERS) replaceAll(base64, from, to);
  try {
    return decodeBase64(base64, name);
  } finally {
    base64.fill(0);
  }
}

/** base64 that is already a string: each character is one octet, and JSON escapes none of them. */
export class Base64Text {
  readonly text: string;

  /** `octets` must not be secret. */
  constructor(octets: Uint8Array) {
    this.text = asBuffer(octets).toString('base64');
  }
}

/** Lines of 64 characters as in PEM, each with a line feed at its end. */
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

/** Writes the encoding of `octets` from `start` to `end` at `offset`. Returns the offset after it. */
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

/** Values of the characters; above 63: octets that are not base64 characters. */
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
 * Decodes ASCII characters; white space between them is ignored. `name` is the subject of error messages. Throws
 * PkiError invalid-encoding unless `text` is the canonical encoding: only the alphabet, padded, unused bits zero.
 */
export function decodeBase64(text: Uint8Array, name = 'The base64 text'): Uint8Array {
  // Off the heap, because the octets may be secret (src/base/octets.ts)
  const octets = new Uint8Array(new ArrayBuffer(base64Groups(text.length) * 3));
  const { start, offset } = decodeGroups(text, octets);
  try {
    return octets.subarray(0, decodeRest(text, start, octets, offset, name));
  } catch (error) {
    octets.fill(0);
    throw error;
  }
}

/**
 * Decodes whole groups of four characters, up to an octet that is neither in the alphabet nor white space between groups.
 * Returns its place, and the number of octets before it.
 */
function decodeGroups(text: Uint8Array, octets: Uint8Array): { start: number; offset: number } {
  let at = 0;
  let offset = 0;
  while (at + 4 <= text.length) {
    const first = VALUES[text[at] ?? 0] ?? NONE;
    const second = VALUES[text[at + 1] ?? 0] ?? NONE;
    const third = VALUES[text[at + 2] ?? 0] ?? NONE;
    const fourth = VALUES[text[at + 3] ?? 0] ?? NONE;
    if ((first | second | third | fourth) < WHITE_SPACE) {
      octets[offset] = (first << 2) | (second >> 4);
      octets[offset + 1] = (second << 4) | (third >> 2);
      octets[offset + 2] = (third << 6) | fourth;
      at += 4;
      offset += 3;
    } else if (first === WHITE_SPACE) at += 1;
    else break;
  }
  return { start: at, offset };
}

/** Decodes single characters from `start`, writes them at `offset`, and returns the offset after them. */
function decodeRest(
  text: Uint8Array,
  start: number,
  octets: Uint8Array,
  offset: number,
  name: string,
): number {
  const end = offset + decodedLength(text, start, name);
  let bits = 0;
  let count = 0;
  for (let index = start, at = offset; at < end; index += 1) {
    const value = VALUES[text[index] ?? 0] ?? NONE;
    if (value >= WHITE_SPACE) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    octets[at] = bits >> count;
    at += 1;
  }
  return end;
}

/**
 * {@link decodeBase64} for text that is not secret, in a tenth of the time. Node.js decodes it; if the result encodes to
 * the same text, the text was canonical. Node.js ignores many faults, so any other text goes to the strict decoder.
 */
export function decodePublicBase64(text: Uint8Array, name?: string): Uint8Array {
  const characters = asBuffer(text).toString('latin1').replaceAll('\n', '');
  const octets = Buffer.from(characters, 'base64');
  return octets.toString('base64') === characters ? octets : decodeBase64(text, name);
}

/** Checks `text` from `start`, where a group begins, and returns the length of its octets. */
function decodedLength(text: Uint8Array, start: number, name: string): number {
  let characters = 0;
  let padding = 0;
  let last = 0;
  // By index: an iterator is ten times slower here
  for (let index = start; index < text.length; index += 1) {
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
    throw malformed(`${name} has a wrong end: it is cut off or wrongly padded`);
  if ((last & ((1 << unused) - 1)) !== 0)
    throw malformed(`${name} has bits before its padding that are not zero`);
  return Math.floor((characters * 6) / 8);
}

const malformed = (sentence: string): PkiError => new PkiError('invalid-encoding', sentence);

/** Names the usual cause of a character; the text itself may be secret and is not shown. */
function unexpected(character: number, index: number, name: string): PkiError {
  const fault = `${name} has an octet at ${index} that is not base64`;
  if (character === 0x5c) return malformed(`${fault} but a backslash: its line breaks may be escaped twice`);
  if (character === 0x2d || character === 0x5f)
    return malformed(`${fault} but base64url, which uses - and _ instead of + and /`);
  return malformed(fault);
}
