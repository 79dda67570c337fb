/**
 * Writes DER (X.690): definite lengths in their shortest form, sets in the order of their encodings. Every function
 * returns a whole TLV. The caller is responsible for the values.
 */

import type { Der } from './header.ts';

export const TAG = Object.freeze({
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  generalString: 0x1b,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
});

/** The types of text. */
export const TEXT_TAGS: readonly number[] = Object.freeze([
  TAG.utf8String,
  TAG.numericString,
  TAG.printableString,
  TAG.teletexString,
  TAG.ia5String,
  TAG.visibleString,
  TAG.generalString,
  TAG.universalString,
  TAG.bmpString,
]);

/**
 * Returns octets that the caller overwrites. They are part of Node.js's pool, outside the JavaScript heap, and are never
 * moved. A separate ArrayBuffer would take 2.5 µs, and one certificate needs twenty.
 */
function allocate(length: number): Uint8Array {
  const { buffer, byteOffset } = Buffer.allocUnsafe(length);
  return new Uint8Array(buffer, byteOffset, length);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

function copyInto(whole: Uint8Array, start: number, parts: readonly Uint8Array[]): void {
  let offset = start;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
}

/** Joins octet strings into a new one. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = allocate(lengthOf(parts));
  copyInto(whole, 0, parts);
  return whole;
}

/** Returns tag and length octets for `length` octets of contents (X.690 §8.1.3, §10.1); lengths below 2^32. */
export function header(tag: number, length: number): Uint8Array {
  const octets = new Uint8Array(headerLength(length));
  writeHeader(octets, tag, length);
  return octets;
}

function headerLength(length: number): number {
  if (length < 0x80) return 2;
  if (length < 0x100) return 3;
  if (length < 0x10000) return 4;
  if (length < 0x1000000) return 5;
  if (length < 0x100000000) return 6;
  throw new RangeError(`The writer cannot encode a DER value of ${length} octets`);
}

/** Writes tag and length octets at the start of `octets`. Returns the offset of their end. */
function writeHeader(octets: Uint8Array, tag: number, length: number): number {
  const end = headerLength(length);
  octets[0] = tag;
  octets[1] = end === 2 ? length : 0x80 | (end - 2);
  for (let at = end - 1, rest = length; at > 1; at -= 1, rest >>>= 8) octets[at] = rest & 0xff;
  return end;
}

/**
 * Returns the parts of one TLV around `parts`, without joining them. Nested values are joined once, so that a secret is
 * copied only into the result.
 */
export function tlvParts(tag: number, parts: readonly Uint8Array[]): Uint8Array[] {
  return [header(tag, lengthOf(parts)), ...parts];
}

/** One TLV around the concatenation of `contents`. */
export function tlv(tag: number, ...contents: readonly Uint8Array[]): Der {
  const length = lengthOf(contents);
  const whole = allocate(headerLength(length) + length);
  copyInto(whole, writeHeader(whole, tag, length), contents);
  return whole as Der;
}

export const sequence = (...items: readonly Uint8Array[]): Der => tlv(TAG.sequence, ...items);

/** SET OF: elements ascend by their encodings (X.690 §11.6). */
export const setOf = (...items: readonly Uint8Array[]): Der =>
  tlv(TAG.set, ...items.toSorted(compareEncodings));

/** Order of two encodings, the shorter padded with zero octets (X.690 §11.6). */
export const compareEncodings = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);

export const boolean = (value: boolean): Der => tlv(TAG.boolean, Uint8Array.of(value ? 0xff : 0));

/** A non-negative INTEGER of a safe number or of big-endian magnitude octets. */
export function unsignedInteger(value: number | Uint8Array): Der {
  const octets = typeof value === 'number' ? magnitude(value) : value;
  let start = 0;
  while (start < octets.length - 1 && octets[start] === 0) start += 1;
  const minimal = octets.subarray(start);
  return (minimal[0] ?? 0) & 0x80
    ? tlv(TAG.integer, Uint8Array.of(0), minimal)
    : tlv(TAG.integer, minimal.length === 0 ? Uint8Array.of(0) : minimal);
}

function magnitude(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new RangeError('The value must be a non-negative safe integer');
  const octets: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.from(octets);
}

export const nullValue = (): Der => tlv(TAG.null);

const DOTTED = /^[0-2](?:\.(?:0|[1-9][0-9]*))+$/;

/**
 * OBJECT IDENTIFIER of dotted text, with arcs of any size (X.690 §8.19). Throws RangeError for text that is not an OID.
 */
export function objectIdentifier(dotted: string): Der {
  if (!DOTTED.test(dotted)) throw new RangeError('An OID must have two or more arcs, separated by dots');
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  if (first < 2n && second > 39n)
    throw new RangeError('The second arc of an OID must be at most 39 below 0 and 1');
  const octets = [first * 40n + second, ...rest].flatMap(base128);
  return tlv(TAG.objectIdentifier, Uint8Array.from(octets));
}

function base128(arc: bigint): number[] {
  const octets = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) octets.unshift(Number(rest & 0x7fn) | 0x80);
  return octets;
}

/** BIT STRING of whole octets. */
export const bitString = (octets: Uint8Array): Der => tlv(TAG.bitString, Uint8Array.of(0), octets);

/** Named-bit list: bit 0 is the first, trailing zero bits are omitted (X.690 §11.2.2). */
export function namedBits(bits: readonly number[]): Der {
  const last = Math.max(-1, ...bits);
  const octets = new Uint8Array((last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return tlv(TAG.bitString, Uint8Array.of(last < 0 ? 0 : 7 - (last & 7)), octets);
}

export const octetString = (octets: Uint8Array): Der => tlv(TAG.octetString, octets);
export const utf8String = (text: string): Der => tlv(TAG.utf8String, Buffer.from(text));
export const printableString = (text: string): Der => tlv(TAG.printableString, Buffer.from(text));
export const numericString = (text: string): Der => tlv(TAG.numericString, Buffer.from(text));
export const ia5String = (text: string): Der => tlv(TAG.ia5String, Buffer.from(text));

/** `[number] EXPLICIT`, or an IMPLICIT tag on a constructed type if `contents` are the contents of that type. */
export const contextConstructed = (number: number, ...contents: readonly Uint8Array[]): Der =>
  tlv(0xa0 | number, ...contents);

/** `[number] IMPLICIT` on a primitive type. */
export const contextPrimitive = (number: number, contents: Uint8Array): Der => tlv(0x80 | number, contents);

/** An ENUMERATED from 0 to 127. */
export const enumerated = (value: number): Der => tlv(TAG.enumerated, Uint8Array.of(value & 0x7f));

/** Time: UTCTime until 2049, GeneralizedTime from 2050; seconds, Z, no fraction (RFC 5280 §4.1.2.5). */
export function time(date: Date): Der {
  const year = date.getUTCFullYear();
  return year >= 1950 && year <= 2049
    ? tlv(TAG.utcTime, Buffer.from(timeText(date).slice(2)))
    : generalizedTime(date);
}

/** GeneralizedTime in every year; whole seconds, with Z (RFC 5280 §5.3.2, RFC 6960 §4.2.2.1). */
export const generalizedTime = (date: Date): Der => tlv(TAG.generalizedTime, Buffer.from(timeText(date)));

/** `YYYYMMDDHHMMSSZ`. */
function timeText(date: Date): string {
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) throw new RangeError('The time must be in the years 0 to 9999');
  // YYYY-MM-DDTHH:MM:SS.sssZ
  const text = date.toISOString();
  const day = text.slice(0, 4) + text.slice(5, 7) + text.slice(8, 10);
  return `${day}${text.slice(11, 13)}${text.slice(14, 16)}${text.slice(17, 19)}Z`;
}
