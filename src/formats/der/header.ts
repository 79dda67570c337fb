/** Identifier and length octets of one DER value (X.690 §8.1.2, §8.1.3, §10.1). */

import { PkiError } from '../../base/errors.ts';

declare const CHECKED: unique symbol;

/**
 * Octets that are exactly one DER value: checked once by `checkDer` (`strict.ts`), part of such a value, or written by
 * `writer.ts`. Readers accept only this type, so no octets can be read unchecked and none need a second check.
 */
export type Der = Uint8Array & { readonly [CHECKED]: true };

/** The position of a value within octets. */
export interface DerHeader {
  /** The first identifier octet: class, form and, below 31, the tag number. */
  readonly tag: number;
  readonly start: number;
  readonly contentsStart: number;
  readonly end: number;
}

/** A PkiError invalid-der. `fault` is a clause: `the length is cut off`. */
export class DerError extends PkiError {
  readonly #offset: number;
  readonly #fault: string;

  constructor(offset: number, fault: string, subject = 'The value') {
    super('invalid-der', `${subject} is not valid DER at octet ${offset}: ${fault}`, [], `octet ${offset}`);
    this.#offset = offset;
    this.#fault = fault;
  }

  /** The same fault, in a sentence about `subject`. */
  withSubject(subject: string): DerError {
    return new DerError(this.#offset, this.#fault, subject);
  }
}

/** The form bit of an identifier octet (X.690 §8.1.2.5). */
export const isConstructed = (tag: number): boolean => (tag & 0x20) !== 0;

/** Reads the header of the value at `start`, which must end by `limit`. Throws PkiError invalid-der. */
export function readHeader(octets: Uint8Array, start: number, limit: number): DerHeader {
  if (start >= limit) throw new DerError(start, 'a value is missing');
  const tag = octets[start] ?? 0;
  const lengthStart = lengthStartOf(octets, start, limit);
  const length = readLength(octets, lengthStart, limit);
  const contentsStart = lengthStart + 1 + moreLengthOctets(octets[lengthStart] ?? 0);
  if (length > limit - contentsStart)
    throw new DerError(
      lengthStart,
      `the length is ${length} octets, but only ${limit - contentsStart} octets are left`,
    );
  return { tag, start, contentsStart, end: contentsStart + length };
}

/** Returns where the length of the value at `start` is. Throws PkiError invalid-der. */
export function lengthStartOf(octets: Uint8Array, start: number, limit: number): number {
  const isHigh = ((octets[start] ?? 0) & 0x1f) === 0x1f;
  const lengthStart = isHigh ? skipHighTagNumber(octets, start, limit) : start + 1;
  if (lengthStart >= limit) throw new DerError(lengthStart, 'the length is missing');
  return lengthStart;
}

const MAX_TAG_OCTETS = 4;

/** Returns where the length starts (X.690 §8.1.2.4: no leading zero digit, and only numbers from 31). */
function skipHighTagNumber(octets: Uint8Array, start: number, limit: number): number {
  let offset = start + 1;
  let number = 0;
  for (;;) {
    const octet = octets[offset];
    if (octet === undefined || offset >= limit) throw new DerError(start, 'the tag is cut off');
    if (offset - start > MAX_TAG_OCTETS) throw new DerError(start, 'the tag number is too large');
    number = (number << 7) | (octet & 0x7f);
    if (number === 0) throw new DerError(start, 'the tag number has leading zeros');
    offset += 1;
    if ((octet & 0x80) === 0) break;
  }
  if (number < 0x1f) throw new DerError(start, 'the tag number is not in its shortest form');
  return offset;
}

/** More length octets than this are never needed: no input is so long. */
const MAX_LENGTH_OCTETS = 4;

/** Returns how many octets follow the first octet of a length. */
const moreLengthOctets = (first: number): number => (first < 0x80 ? 0 : first & 0x7f);

/** Returns the length of the contents. */
function readLength(octets: Uint8Array, start: number, limit: number): number {
  const first = octets[start] ?? 0;
  if (first < 0x80) return first;
  if (first === 0x80) throw new DerError(start, 'the length is indefinite, which only BER allows');
  const count = moreLengthOctets(first);
  if (count > limit - start - 1) throw new DerError(start, 'the length is cut off');
  if (octets[start + 1] === 0) throw new DerError(start, 'the length has leading zeros');
  if (count > MAX_LENGTH_OCTETS)
    throw new DerError(start, 'the length is larger than the octets that are left');
  let length = 0;
  for (let i = 1; i <= count; i += 1) length = length * 256 + (octets[start + i] ?? 0);
  if (length < 0x80) throw new DerError(start, 'the length is not in its shortest form');
  return length;
}
