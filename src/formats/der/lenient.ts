/**
 * Reads BER and loose DER (X.690 §8) as DER: what {@link checkDer} accepts is returned as it is, and the rest is encoded
 * again, with a note for each deviation. Strings and the order of sets stay as received, because a CA's name is used octet
 * for octet. Limits are those of the strict check, and the time is linear in the number of octets and the depth.
 */

import { STRICT, type Reading } from '../reading.ts';
import { constructedString } from './constructed-string.ts';
import { DerError, isConstructed, type Der } from './header.ts';
import { isEndOfContents, readLooseHeader, type LooseHeader } from './loose-header.ts';
import { readLoosePrimitive } from './loose-primitive.ts';
import { changed, kept, octetsOf, type Piece } from './piece.ts';
import { elementAt, elementOf } from './reader.ts';
import { checkDer, MAX_DEPTH, MAX_VALUES, type DerOptions } from './strict.ts';
import { compareEncodings, TAG } from './writer.ts';

/** One value as received, and as DER: the same octets unless the encoding deviates. The caller zeroes both if secret. */
export interface ReceivedValue {
  readonly received: Uint8Array;
  readonly der: Der;
}

export interface ReadOptions extends DerOptions {
  readonly reading?: Reading;
  /** Whether a value inside that cannot be read stays as it is: its readers find the fault again. */
  readonly keepsUnreadable?: boolean;
}

/** Reads exactly one value. Throws PkiError invalid-der. */
export function readDer(
  octets: Uint8Array,
  { reading = STRICT, ...options }: ReadOptions = {},
): ReceivedValue {
  try {
    return { received: octets, der: checkDer(octets, options) };
  } catch (error) {
    if (reading.isStrict || !(error instanceof DerError)) throw error;
    return { received: octets, der: encodeAgain(octets, reading, options) };
  }
}

/** Returns the first member of a SEQUENCE as received, such as the part of a certificate that is signed. */
export function firstMemberAsReceived({ received, der }: ReceivedValue): Uint8Array {
  if (received === der) return elementAt(elementOf(der).contents, 0).encoding;
  const { contentsStart, end } = readLooseHeader(received, 0, received.length);
  const limit = end ?? received.length;
  const isEmpty = contentsStart >= limit || (end === undefined && isEndOfContents(received, contentsStart));
  if (isEmpty || !isConstructed(der[0] ?? 0)) throw new DerError(0, 'a value is missing');
  return received.subarray(contentsStart, endOfValue(received, contentsStart, limit));
}

/** Returns the end of a value that {@link readDer} has read: its limits hold for the recursion. */
function endOfValue(octets: Uint8Array, start: number, limit: number): number {
  const { contentsStart, end } = readLooseHeader(octets, start, limit);
  if (end !== undefined) return end;
  let offset = contentsStart;
  while (!isEndOfContents(octets, offset)) offset = endOfValue(octets, offset, limit);
  return offset + 2;
}

interface Walk {
  readonly octets: Uint8Array;
  readonly maxValues: number;
  values: number;
  /** Notes the deviation of a value. */
  note(code: Parameters<Reading['tolerate']>[0], start: number, fault: string): void;
  /** Notes a value that stays as it is; absent where such a value is rejected. */
  readonly keep: ((fault: DerError) => void) | undefined;
}

function encodeAgain(
  octets: Uint8Array,
  reading: Reading,
  { subject, maxValues = MAX_VALUES, keepsUnreadable = false }: Omit<ReadOptions, 'reading'>,
): Der {
  const walk: Walk = {
    octets,
    maxValues,
    values: 0,
    note: (code, start, fault) => reading.tolerate(code, new DerError(start, fault, subject)),
    keep: keepsUnreadable
      ? (fault) => reading.tolerate('unreadable-value', fault.withSubject(subject ?? 'The value'))
      : undefined,
  };
  try {
    const piece = readValue(walk, 0, octets.length, 1);
    if (piece.end < octets.length)
      throw new DerError(piece.end, `${octets.length - piece.end} octets follow the value`);
    return octetsOf(piece) as Der;
  } catch (error) {
    throw error instanceof DerError && subject !== undefined ? error.withSubject(subject) : error;
  }
}

function readValue(walk: Walk, start: number, limit: number, depth: number): Piece {
  if (depth > MAX_DEPTH) throw new DerError(start, `values are nested more than ${MAX_DEPTH} deep`);
  walk.values += 1;
  if (walk.values > walk.maxValues) throw new DerError(start, `there are more than ${walk.maxValues} values`);
  const header = withKnownForm(walk, readLooseHeader(walk.octets, start, limit));
  if (header.looseness !== undefined) walk.note('ber-length', start, header.looseness);
  return orKeep(walk, header, depth, () =>
    isConstructed(header.tag) ? readConstructed(walk, header, limit, depth) : readPrimitive(walk, header),
  );
}

/** Returns a SEQUENCE or SET in primitive form in its only form, if the walk keeps such values. */
function withKnownForm(walk: Walk, header: LooseHeader): LooseHeader {
  const tag = header.tag | CONSTRUCTED;
  const isKnown = isConstructed(header.tag) || (tag !== TAG.sequence && tag !== TAG.set);
  if (isKnown || walk.keep === undefined) return header;
  return {
    ...header,
    tag,
    identifier: Uint8Array.of(tag),
    looseness: 'a SEQUENCE or SET is in primitive form',
  };
}

/** Runs `read`. A value that it cannot read stays as it is, if the walk keeps such values. */
function orKeep(
  walk: Walk,
  { tag, start, identifier, contentsStart, end, looseness }: LooseHeader,
  depth: number,
  read: () => Piece,
): Piece {
  try {
    return read();
  } catch (error) {
    const canKeep = depth > 1 && end !== undefined && walk.values <= walk.maxValues;
    if (walk.keep === undefined || !canKeep || !(error instanceof DerError)) throw error;
    walk.keep(error);
    const contents = walk.octets.subarray(contentsStart, end);
    if (isConstructedString(tag)) return changed(end, Uint8Array.of(tag & ~CONSTRUCTED), [contents]);
    return looseness === undefined ? kept(walk.octets, start, end) : changed(end, identifier, [contents]);
  }
}

/** The form bit of an identifier octet. */
const CONSTRUCTED = 0x20;

/** Whether a simple type of the universal class is in constructed form. */
const isConstructedString = (tag: number): boolean =>
  tag < 0x40 && isConstructed(tag) && tag !== TAG.sequence && tag !== TAG.set;

function readPrimitive(walk: Walk, header: LooseHeader & { readonly end?: number | undefined }): Piece {
  const { start, end = start } = header;
  const replaced = readLoosePrimitive(walk, header, walk.octets.subarray(header.contentsStart, end));
  if (replaced !== undefined) return changed(end, replaced.tag, [replaced.contents]);
  return header.looseness === undefined
    ? kept(walk.octets, start, end)
    : changed(end, header.identifier, [walk.octets.subarray(header.contentsStart, end)]);
}

function readConstructed(walk: Walk, header: LooseHeader, limit: number, depth: number): Piece {
  const { tag, start, identifier } = header;
  const { members, end } = readMembers(walk, header, limit, depth);
  if (isConstructedString(tag)) return joined(walk, header, members, end);
  if (tag === TAG.set) noteOrder(walk, members);
  const isKept = header.looseness === undefined && members.every((member) => member.isKept);
  return isKept
    ? kept(walk.octets, start, end)
    : changed(
        end,
        identifier,
        members.flatMap(({ parts }) => parts),
      );
}

function readMembers(
  walk: Walk,
  { contentsStart, end }: LooseHeader,
  limit: number,
  depth: number,
): { members: Piece[]; end: number } {
  const members: Piece[] = [];
  let offset = contentsStart;
  while (offset < (end ?? limit)) {
    if (end === undefined && isEndOfContents(walk.octets, offset)) return { members, end: offset + 2 };
    const member = readValue(walk, offset, end ?? limit, depth + 1);
    members.push(member);
    offset = member.end;
  }
  if (end === undefined) throw new DerError(contentsStart, 'the end-of-contents mark is missing');
  return { members, end };
}

function joined(walk: Walk, { tag, start }: LooseHeader, members: readonly Piece[], end: number): Piece {
  const primitive = tag & 0x1f;
  const contents = constructedString(primitive, members.map(octetsOf));
  if (contents === undefined) throw new DerError(start, 'a type that is not a string is in constructed form');
  walk.note('ber-string', start, 'a string is in constructed form, which only BER allows');
  return changed(end, Uint8Array.of(primitive), contents);
}

/** X.690 §11.6 */
function noteOrder(walk: Walk, members: readonly Piece[]): void {
  const encodings = members.map(octetsOf);
  const index = encodings.findIndex(
    (encoding, i) => i > 0 && compareEncodings(encodings[i - 1] ?? encoding, encoding) > 0,
  );
  if (index < 0) return;
  walk.note('set-order', members[index - 1]?.end ?? 0, 'the elements of a SET OF are not in ascending order');
}
