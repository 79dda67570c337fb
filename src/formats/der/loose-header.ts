/** Identifier and length octets as BER allows them (X.690 §8.1.3), within limits. */

import { DerError, isConstructed, lengthStartOf } from './header.ts';

export interface LooseHeader {
  /** The first identifier octet. */
  readonly tag: number;
  readonly identifier: Uint8Array;
  readonly start: number;
  readonly contentsStart: number;
  /** Undefined for an indefinite length: an end-of-contents mark ends the value. */
  readonly end: number | undefined;
  /** What DER does not allow in the length, as a clause. */
  readonly looseness: string | undefined;
}

/** Includes leading zeros. */
const MAX_LENGTH_OCTETS = 8;

/** Throws PkiError invalid-der. */
export function readLooseHeader(octets: Uint8Array, start: number, limit: number): LooseHeader {
  if (start >= limit) throw new DerError(start, 'a value is missing');
  const tag = octets[start] ?? 0;
  const lengthStart = lengthStartOf(octets, start, limit);
  const header = { tag, identifier: octets.subarray(start, lengthStart), start };
  const first = octets[lengthStart] ?? 0;
  if (first === 0x80) return indefinite(header, lengthStart);
  const { contentsStart, length, isShortest } = readLength(octets, lengthStart, limit);
  if (length > limit - contentsStart)
    throw new DerError(
      lengthStart,
      `the length is ${length} octets, but only ${limit - contentsStart} octets are left`,
    );
  const looseness = isShortest ? undefined : 'the length is not in its shortest form';
  return { ...header, contentsStart, end: contentsStart + length, looseness };
}

function indefinite(
  header: Pick<LooseHeader, 'tag' | 'identifier' | 'start'>,
  lengthStart: number,
): LooseHeader {
  if (!isConstructed(header.tag))
    throw new DerError(lengthStart, 'the length of a value that is not constructed is indefinite');
  const looseness = 'the length is indefinite, which only BER allows';
  return { ...header, contentsStart: lengthStart + 1, end: undefined, looseness };
}

function readLength(octets: Uint8Array, start: number, limit: number) {
  const first = octets[start] ?? 0;
  if (first < 0x80) return { contentsStart: start + 1, length: first, isShortest: true };
  const count = first & 0x7f;
  if (count > limit - start - 1) throw new DerError(start, 'the length is cut off');
  if (count > MAX_LENGTH_OCTETS)
    throw new DerError(start, `the length has more than ${MAX_LENGTH_OCTETS} octets`);
  let length = 0;
  for (let i = 1; i <= count; i += 1) length = length * 256 + (octets[start + i] ?? 0);
  const isShortest = length >= 0x80 && octets[start + 1] !== 0;
  return { contentsStart: start + 1 + count, length, isShortest };
}

export const isEndOfContents = (octets: Uint8Array, offset: number): boolean =>
  octets[offset] === 0 && octets[offset + 1] === 0;
