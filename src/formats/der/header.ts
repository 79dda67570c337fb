/** Identifier and length octets of one DER value (X.690 §8.1.2, §8.1.3, §10.1). */

import { PkiError } from '../../base/errors.ts';

/** Where a value stands among the octets around it. */
export interface DerHeader {
  /** The first identifier octet: class, form and, below 31, the tag number. */
  readonly tag: number;
  readonly start: number;
  readonly contentsStart: number;
  readonly end: number;
}

export const derError = (offset: number, fault: string): PkiError =>
  new PkiError('invalid-der', `not DER at octet ${offset}: ${fault}`);

/** The form bit of an identifier octet (X.690 §8.1.2.5). */
export const isConstructed = (tag: number): boolean => (tag & 0x20) !== 0;

/** Reads the header of the value at `start`, which must end by `limit`. Throws PkiError invalid-der. */
export function readHeader(octets: Uint8Array, start: number, limit: number): DerHeader {
  if (start >= limit) throw derError(start, 'a value is missing');
  const tag = octets[start] ?? 0;
  const lengthStart = (tag & 0x1f) === 0x1f ? skipHighTagNumber(octets, start, limit) : start + 1;
  if (lengthStart >= limit) throw derError(lengthStart, 'the length is missing');
  const [contentsStart, length] = readLength(octets, lengthStart, limit);
  if (length > limit - contentsStart)
    throw derError(lengthStart, `${length} octets are announced and ${limit - contentsStart} are left`);
  return { tag, start, contentsStart, end: contentsStart + length };
}

const MAX_TAG_OCTETS = 4;

/** Answers where the length starts (X.690 §8.1.2.4: no leading zero digit, and only numbers from 31). */
function skipHighTagNumber(octets: Uint8Array, start: number, limit: number): number {
  let offset = start + 1;
  let number = 0;
  for (;;) {
    const octet = octets[offset];
    if (octet === undefined || offset >= limit) throw derError(start, 'the tag is cut off');
    if (offset - start > MAX_TAG_OCTETS) throw derError(start, 'the tag number is too large');
    number = (number << 7) | (octet & 0x7f);
    if (number === 0) throw derError(start, 'the tag number has leading zeros');
    offset += 1;
    if ((octet & 0x80) === 0) break;
  }
  if (number < 0x1f) throw derError(start, 'the tag number is not in its shortest form');
  return offset;
}

/** More length octets than this announce more than any input has. */
const MAX_LENGTH_OCTETS = 4;

/** Answers where the contents start and how many octets they have. */
function readLength(octets: Uint8Array, start: number, limit: number): [number, number] {
  const first = octets[start] ?? 0;
  if (first < 0x80) return [start + 1, first];
  if (first === 0x80) throw derError(start, 'the length is indefinite, which only BER allows');
  const count = first & 0x7f;
  if (count > limit - start - 1) throw derError(start, 'the length is cut off');
  if (octets[start + 1] === 0) throw derError(start, 'the length has leading zeros');
  if (count > MAX_LENGTH_OCTETS) throw derError(start, 'more octets are announced than are left');
  let length = 0;
  for (let i = 1; i <= count; i += 1) length = length * 256 + (octets[start + i] ?? 0);
  if (length < 0x80) throw derError(start, 'the length is not in its shortest form');
  return [start + 1 + count, length];
}
