/** Rules for the contents of each primitive universal type (X.690 §8, §10, §11; characters: X.680 §41). */

import { isAscii, isUtf8 } from 'node:buffer';
import { decodeTime } from './time.ts';
import { TAG } from './writer.ts';
import { asBuffer } from '../../base/octets.ts';

/** The contents are the octets from `start` to `end`: no view of them is made, because most rules look at few octets. */
type Rule = readonly [fault: string, isBroken: (octets: Uint8Array, start: number, end: number) => boolean];

/** Well above the 100 octets of RFC 5280 appendix B. Limits the work on arcs, which have no limit of their own. */
const MAX_OID_OCTETS = 128;

const MAX_CODE_POINT = 0x10ffff;

/** Whether the first nine bits are all equal (X.690 §8.3.2). */
function hasRedundantOctet(octets: Uint8Array, start: number, end: number): boolean {
  const first = octets[start];
  const second = octets[start + 1] ?? 0;
  return end - start > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

const isEmpty = (_octets: Uint8Array, start: number, end: number): boolean => start === end;

const INTEGER: readonly Rule[] = [
  ['an INTEGER or ENUMERATED has no contents', isEmpty],
  ['an INTEGER or ENUMERATED is not in its shortest form', hasRedundantOctet],
];

/** The first octet of a BIT STRING is the number of unused bits of the last octet (X.690 §8.6.2, §11.2.1). */
const hasUnusedBitSet = (octets: Uint8Array, start: number, end: number): boolean =>
  ((octets[end - 1] ?? 0) & ((1 << (octets[start] ?? 0)) - 1)) !== 0;

const BIT_STRING: readonly Rule[] = [
  ['a BIT STRING has no octet for the number of unused bits', isEmpty],
  ['a BIT STRING has more than 7 unused bits', (octets, start) => (octets[start] ?? 0) > 7],
  ['an empty BIT STRING has unused bits', (octets, start, end) => end - start === 1 && octets[start] !== 0],
  [
    'a BIT STRING has unused bits that are not zero',
    (octets, start, end) => end - start > 1 && hasUnusedBitSet(octets, start, end),
  ],
];

/** Whether an arc begins with 80, a leading zero digit. */
function hasLongArc(octets: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1)
    if (octets[i] === 0x80 && (i === start || ((octets[i - 1] ?? 0) & 0x80) === 0)) return true;
  return false;
}

const OBJECT_IDENTIFIER: readonly Rule[] = [
  ['an OBJECT IDENTIFIER has no contents', isEmpty],
  [
    `an OBJECT IDENTIFIER has more than ${MAX_OID_OCTETS} octets`,
    (_octets, start, end) => end - start > MAX_OID_OCTETS,
  ],
  ['an OBJECT IDENTIFIER is cut off', (octets, _start, end) => (octets[end - 1] ?? 0) >= 0x80],
  ['an OBJECT IDENTIFIER has an arc that is not in its shortest form', hasLongArc],
];

/** A set of characters as a boolean for each octet. */
function alphabet(characters: string): readonly boolean[] {
  const members = new Set(characters);
  return Array.from({ length: 256 }, (_, octet) => members.has(String.fromCharCode(octet)));
}

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const NUMERIC = alphabet(`${DIGITS} `);
const PRINTABLE = alphabet(`${LETTERS}${DIGITS} '()+,-./:=?`);

const VISIBLE = alphabet(String.fromCharCode(...Array.from({ length: 0x7f - 0x20 }, (_, i) => 0x20 + i)));

const isOutside =
  (characters: readonly boolean[]) =>
  (octets: Uint8Array, start: number, end: number): boolean => {
    for (let i = start; i < end; i += 1) if (characters[octets[i] ?? 0] !== true) return true;
    return false;
  };

const isSurrogate = (character: number): boolean => character >= 0xd800 && character <= 0xdfff;

/** Whether the contents are anything but whole characters of `width` octets. */
const isNotWide =
  (width: 2 | 4) =>
  (octets: Uint8Array, start: number, end: number): boolean => {
    if ((end - start) % width !== 0) return true;
    const buffer = asBuffer(octets);
    for (let i = start; i < end; i += width) {
      const character = buffer.readUIntBE(i, width);
      if (isSurrogate(character) || character > MAX_CODE_POINT) return true;
    }
    return false;
  };

const isNotTime =
  (tag: number) =>
  (octets: Uint8Array, start: number, end: number): boolean =>
    decodeTime(tag, octets.subarray(start, end)) === undefined;

/** One entry for every type that certificates, requests and keys contain. */
const RULES: ReadonlyMap<number, readonly Rule[]> = new Map([
  [
    TAG.boolean,
    [
      [
        'a BOOLEAN is neither 00 nor FF',
        (octets, start, end) => end - start !== 1 || (octets[start] !== 0 && octets[start] !== 0xff),
      ],
    ],
  ],
  [TAG.integer, INTEGER],
  [TAG.enumerated, INTEGER],
  [TAG.bitString, BIT_STRING],
  [TAG.octetString, []],
  [TAG.null, [['a NULL has contents', (_octets, start, end) => end > start]]],
  [TAG.objectIdentifier, OBJECT_IDENTIFIER],
  [
    TAG.utf8String,
    [['a UTF8String is not UTF-8', (octets, start, end) => !isUtf8(octets.subarray(start, end))]],
  ],
  [TAG.numericString, [['a NumericString has other characters than digits and space', isOutside(NUMERIC)]]],
  [
    TAG.printableString,
    [["a PrintableString has other characters than A-Z a-z 0-9 space '()+,-./:=?", isOutside(PRINTABLE)]],
  ],
  [
    TAG.ia5String,
    [
      [
        'an IA5String has a character above 7F',
        (octets, start, end) => !isAscii(octets.subarray(start, end)),
      ],
    ],
  ],
  [TAG.visibleString, [['a VisibleString has a character outside 20-7E', isOutside(VISIBLE)]]],
  [TAG.bmpString, [['a BMPString does not consist of UCS-2 characters', isNotWide(2)]]],
  [TAG.universalString, [['a UniversalString does not consist of UCS-4 characters', isNotWide(4)]]],
  [TAG.teletexString, []],
  [TAG.generalString, []],
  [TAG.utcTime, [['a UTCTime is not a real time in the form YYMMDDHHMMSSZ', isNotTime(TAG.utcTime)]]],
  [
    TAG.generalizedTime,
    [['a GeneralizedTime is not a real time in the form YYYYMMDDHHMMSSZ', isNotTime(TAG.generalizedTime)]],
  ],
] satisfies [number, readonly Rule[]][]);

/** Returns the fault of contents under a primitive tag, as a clause; undefined if there is none. Only universal types have rules. */
export const primitiveFault = (tag: number, contents: Uint8Array): string | undefined =>
  primitiveFaultAt(tag, contents, 0, contents.length);

/** {@link primitiveFault} for the contents from `start` to `end`. */
export function primitiveFaultAt(
  tag: number,
  octets: Uint8Array,
  start: number,
  end: number,
): string | undefined {
  if (tag >= 0x40) return undefined;
  const rules = RULES.get(tag);
  if (rules === undefined) return 'the type does not occur in certificates, requests and keys';
  for (const [fault, isBroken] of rules) if (isBroken(octets, start, end)) return fault;
  return undefined;
}
