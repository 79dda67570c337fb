/**
 * The rules that make an encoding DER and the only one of its value (X.690 §8-§11), and bounds to what is read at all
 * (the whole in linear time): depth, count, size of an OBJECT IDENTIFIER.
 *
 * What a context-specific tag stands for is not known here, so contents below an IMPLICIT one are judged by who knows
 * the structure. So are DEFAULT values and named bits.
 */

import { primitiveFault } from './primitive-rules.ts';
import { isConstructed, derError, readHeader, type DerHeader } from './header.ts';
import { compareEncodings, TAG } from './writer.ts';

const MAX_DEPTH = 32;
const MAX_VALUES = 10_000;

interface Walk {
  readonly octets: Uint8Array;
  readonly maxValues: number;
  values: number;
}

/**
 * Throws PkiError invalid-der, naming the fault and its offset, unless `octets` are exactly one DER value. `maxValues`: how
 * many values may stand in it, nested ones included.
 */
export function assertDer(octets: Uint8Array, maxValues = MAX_VALUES): void {
  const end = checkValue({ octets, maxValues, values: 0 }, 0, octets.length, 1);
  if (end < octets.length) throw derError(end, `${octets.length - end} octets follow the value`);
}

/** Answers where the value ends. */
function checkValue(walk: Walk, start: number, limit: number, depth: number): number {
  if (depth > MAX_DEPTH) throw derError(start, `values are nested more than ${MAX_DEPTH} deep`);
  walk.values += 1;
  if (walk.values > walk.maxValues) throw derError(start, `there are more than ${walk.maxValues} values`);
  const header = readHeader(walk.octets, start, limit);
  checkForm(header);
  if (isConstructed(header.tag)) checkMembers(walk, header, depth);
  else checkPrimitive(walk, header);
  return header.end;
}

/** Of the universal types SEQUENCE and SET are constructed, all others primitive (X.690 §8, §10.2). */
function checkForm({ tag, start }: DerHeader): void {
  if (tag >= 0x40 || tag === TAG.sequence || tag === TAG.set) return;
  if (tag === 0) throw derError(start, 'an end-of-contents mark, which only BER allows');
  if (isConstructed(tag))
    throw derError(start, 'a string or other simple value in constructed form, which only BER allows');
  if (tag === (TAG.sequence & 0x1f) || tag === (TAG.set & 0x1f))
    throw derError(start, 'a SEQUENCE or SET in primitive form');
}

function checkMembers(walk: Walk, { tag, contentsStart, end }: DerHeader, depth: number): void {
  let previous: Uint8Array | undefined;
  for (let offset = contentsStart; offset < end;) {
    const next = checkValue(walk, offset, end, depth + 1);
    const encoding = walk.octets.subarray(offset, next);
    // X.690 §11.6; X.509, PKCS #8 and PKCS #10 have SET OF only
    if (tag === TAG.set && previous !== undefined && compareEncodings(previous, encoding) > 0)
      throw derError(offset, 'the elements of a SET OF do not ascend');
    previous = encoding;
    offset = next;
  }
}

function checkPrimitive({ octets }: Walk, { tag, start, contentsStart, end }: DerHeader): void {
  const fault = primitiveFault(tag, octets.subarray(contentsStart, end));
  if (fault !== undefined) throw derError(start, fault);
}
