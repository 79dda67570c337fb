/**
 * The rules that make an encoding DER, the only encoding of its value (X.690 §8-§11), and limits for what is read at all:
 * depth, number of values, length of an OBJECT IDENTIFIER. The check takes linear time.
 *
 * The type behind a context-specific tag is unknown here, so the reader of the structure must check the contents of an
 * IMPLICIT tag. The same is true for DEFAULT values and named bits.
 */

import { primitiveFaultAt } from './primitive-rules.ts';
import { isConstructed, DerError, readHeader, type Der, type DerHeader } from './header.ts';
import { compareEncodings, TAG } from './writer.ts';

export const MAX_DEPTH = 32;
export const MAX_VALUES = 10_000;

interface Walk {
  readonly octets: Uint8Array;
  readonly maxValues: number;
  values: number;
}

export interface DerOptions {
  /** Subject of the error message. */
  readonly subject?: string;
  /** Limit for the number of values, nested ones included. */
  readonly maxValues?: number | undefined;
}

/**
 * Returns `octets` themselves when they are exactly one DER value. Throws PkiError invalid-der that names the fault and
 * its offset.
 */
export function checkDer(octets: Uint8Array, { subject, maxValues = MAX_VALUES }: DerOptions = {}): Der {
  try {
    const end = checkValue({ octets, maxValues, values: 0 }, 0, octets.length, 1);
    if (end < octets.length) throw new DerError(end, `${octets.length - end} octets follow the value`);
    return octets as Der;
  } catch (error) {
    throw error instanceof DerError && subject !== undefined ? error.withSubject(subject) : error;
  }
}

/** Returns the offset of the end of the value. */
function checkValue(walk: Walk, start: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw new DerError(start, `values are nested more than ${MAX_DEPTH} deep`);
  walk.values += 1;
  if (walk.values > walk.maxValues) throw new DerError(start, `there are more than ${walk.maxValues} values`);
  const header = readHeader(walk.octets, start, limit);
  checkForm(header);
  if (isConstructed(header.tag)) checkMembers(walk, header, depth);
  else checkPrimitive(walk, header);
  return header.end;
}

/** Of the universal types, SEQUENCE and SET are constructed and all others primitive (X.690 §8, §10.2). */
function checkForm({ tag, start }: DerHeader): void {
  if (tag >= 0x40 || tag === TAG.sequence || tag === TAG.set) return;
  if (tag === 0) throw new DerError(start, 'the value is an end-of-contents mark, which only BER allows');
  if (isConstructed(tag))
    throw new DerError(start, 'a simple type is in constructed form, which only BER allows');
  if (tag === (TAG.sequence & 0x1f) || tag === (TAG.set & 0x1f))
    throw new DerError(start, 'a SEQUENCE or SET is in primitive form');
}

function checkMembers(walk: Walk, { tag, contentsStart, end }: DerHeader, depth: number): void {
  let previous = end;
  for (let offset = contentsStart; offset < end;) {
    const next = checkValue(walk, offset, end, depth + 1);
    if (tag === TAG.set && previous < offset) checkOrder(walk.octets, previous, offset, next);
    previous = offset;
    offset = next;
  }
}

/** X.690 §11.6; every SET in X.509, PKCS #8 and PKCS #10 is a SET OF. */
function checkOrder(octets: Uint8Array, previous: number, offset: number, end: number): void {
  if (compareEncodings(octets.subarray(previous, offset), octets.subarray(offset, end)) > 0)
    throw new DerError(offset, 'the elements of a SET OF are not in ascending order');
}

function checkPrimitive({ octets }: Walk, { tag, start, contentsStart, end }: DerHeader): void {
  const fault = primitiveFaultAt(tag, octets, contentsStart, end);
  if (fault !== undefined) throw new DerError(start, fault);
}
