/**
 * Reads checked DER where the octets themselves matter: signed structures, names, keys. Every result is a view of the
 * input, so no secret is copied.
 */

import { isUtf8 } from 'node:buffer';
import { isConstructed, readHeader, type Der, type DerHeader } from './header.ts';
import { primitiveFault } from './primitive-rules.ts';
import { TAG } from './writer.ts';
import { asBuffer } from '../../base/octets.ts';

/** One value. Its two views are made when they are first asked for: most readers need one of them. */
export class DerElement {
  /** The first identifier octet. */
  readonly tag: number;
  readonly #octets: Uint8Array;
  readonly #start: number;
  readonly #contentsStart: number;
  readonly #end: number;
  #contents: Uint8Array | undefined;
  #encoding: Der | undefined;

  constructor(octets: Uint8Array, { tag, start, contentsStart, end }: DerHeader) {
    this.tag = tag;
    this.#octets = octets;
    this.#start = start;
    this.#contentsStart = contentsStart;
    this.#end = end;
  }

  /** Of the whole value, in octets. */
  get length(): number {
    return this.#end - this.#start;
  }

  get contents(): Uint8Array {
    return (this.#contents ??= this.#octets.subarray(this.#contentsStart, this.#end));
  }

  /** The whole value: identifier, length and contents. */
  get encoding(): Der {
    return (this.#encoding ??= this.#octets.subarray(this.#start, this.#end) as Der);
  }
}

/** Opens one value. */
export const elementOf = (der: Der): DerElement => elementAt(der, 0);

/** Iterates over the values inside a constructed value; there are none inside a primitive one. */
export function* membersOf({ tag, contents }: DerElement): Generator<DerElement, void> {
  if (!isConstructed(tag)) return;
  for (let offset = 0; offset < contents.length;) {
    const member = elementAt(contents, offset);
    yield member;
    offset += member.length;
  }
}

/** Returns the value at `offset` of `octets`: one or more values that were checked as part of a whole. */
export const elementAt = (octets: Uint8Array, offset: number): DerElement =>
  new DerElement(octets, readHeader(octets, offset, octets.length));

/** Below this, an arc and seven more bits are a safe integer. */
const MAX_FAST_ARC = 2 ** 45;

/**
 * Returns the dotted text of the contents of an OBJECT IDENTIFIER (X.690 §8.19). Inspection keeps contents that are not one,
 * or a longer one than is read anywhere: `#` and their hexadecimal, because the work on an arc is quadratic in its length.
 */
export function decodeOid(contents: Uint8Array): string {
  if (primitiveFault(TAG.objectIdentifier, contents) !== undefined)
    return `#${asBuffer(contents).toString('hex').toUpperCase()}`;
  let text = '';
  let arc: number | bigint = 0;
  for (const octet of contents) {
    arc =
      typeof arc === 'number' && arc < MAX_FAST_ARC
        ? arc * 128 + (octet & 0x7f)
        : (BigInt(arc) << 7n) | BigInt(octet & 0x7f);
    if (octet >= 0x80) continue;
    text += text === '' ? firstTwoArcs(arc) : `.${arc}`;
    arc = 0;
  }
  return text;
}

function firstTwoArcs(head: number | bigint): string {
  if (typeof head === 'bigint') return `2.${head - 80n}`;
  const first = Math.min(Math.floor(head / 40), 2);
  return `${first}.${head - first * 40}`;
}

/**
 * Returns the text of a string type. TeletexString is read as ISO 8859-1, and so is a string with octets that neither its
 * type nor UTF-8 allows. Undefined for every other type, and for contents without meaning.
 */
export function decodeText({ tag, contents }: DerElement): string | undefined {
  switch (tag) {
    case TAG.utf8String:
    case TAG.numericString:
    case TAG.printableString:
    case TAG.ia5String:
    case TAG.visibleString:
      return asBuffer(contents).toString(isUtf8(contents) ? 'utf8' : 'latin1');
    case TAG.bmpString:
      return contents.length % 2 === 0 ? Buffer.from(contents).swap16().toString('utf16le') : undefined;
    case TAG.teletexString:
      return asBuffer(contents).toString('latin1');
    case TAG.universalString:
      return codePoints(contents);
    default:
      return undefined;
  }
}

const MAX_CODE_POINT = 0x10ffff;

function codePoints(contents: Uint8Array): string | undefined {
  if (contents.length % 4 !== 0) return undefined;
  const buffer = asBuffer(contents);
  let text = '';
  for (let i = 0; i < buffer.length; i += 4) {
    const codePoint = buffer.readUInt32BE(i);
    if (codePoint > MAX_CODE_POINT) return undefined;
    text += String.fromCodePoint(codePoint);
  }
  return text;
}
