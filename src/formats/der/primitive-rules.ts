/** Rules for the contents of each primitive universal type (X.690 §8, §10, §11; characters: X.680 §41). */

import { isAscii, isUtf8 } from 'node:buffer';
import { decodeTime } from './time.ts';
import { TAG } from './writer.ts';
import { asBuffer } from '../../base/octets.ts';

type Rule = readonly [fault: string, isBroken: (contents: Uint8Array) => boolean];

/** Well above the 100 octets of RFC 5280 appendix B. Limits the work on arcs, which have no limit of their own. */
const MAX_OID_OCTETS = 128;

const MAX_CODE_POINT = 0x10ffff;

/** Whether the first nine bits are all equal (X.690 §8.3.2). */
function hasRedundantOctet(contents: Uint8Array): boolean {
  const first = contents[0];
  const second = contents[1];
  return second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

const INTEGER: readonly Rule[] = [
  ['an INTEGER or ENUMERATED has no contents', (contents) => contents.length === 0],
  ['an INTEGER or ENUMERATED is not in its shortest form', hasRedundantOctet],
];

const lastOf = (contents: Uint8Array): number => contents[contents.length - 1] ?? 0;

/** The first octet of a BIT STRING is the number of unused bits of the last octet (X.690 §8.6.2, §11.2.1). */
const hasUnusedBitSet = (contents: Uint8Array): boolean =>
  (lastOf(contents) & ((1 << (contents[0] ?? 0)) - 1)) !== 0;

const BIT_STRING: readonly Rule[] = [
  ['a BIT STRING has no octet for the number of unused bits', (contents) => contents.length === 0],
  ['a BIT STRING has more than 7 unused bits', (contents) => (contents[0] ?? 0) > 7],
  ['an empty BIT STRING has unused bits', (contents) => contents.length === 1 && contents[0] !== 0],
  [
    'a BIT STRING has unused bits that are not zero',
    (contents) => contents.length > 1 && hasUnusedBitSet(contents),
  ],
];

const beginsAnArc = (contents: Uint8Array, index: number): boolean =>
  index === 0 || ((contents[index - 1] ?? 0) & 0x80) === 0;

const OBJECT_IDENTIFIER: readonly Rule[] = [
  ['an OBJECT IDENTIFIER has no contents', (contents) => contents.length === 0],
  [
    `an OBJECT IDENTIFIER has more than ${MAX_OID_OCTETS} octets`,
    (contents) => contents.length > MAX_OID_OCTETS,
  ],
  ['an OBJECT IDENTIFIER is cut off', (contents) => lastOf(contents) >= 0x80],
  [
    'an OBJECT IDENTIFIER has an arc that is not in its shortest form',
    (contents) => contents.some((octet, index) => octet === 0x80 && beginsAnArc(contents, index)),
  ],
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

const isOutside =
  (characters: readonly boolean[]) =>
  (contents: Uint8Array): boolean =>
    contents.some((octet) => characters[octet] !== true);

const isSurrogate = (character: number): boolean => character >= 0xd800 && character <= 0xdfff;

/** Whether the contents are anything but whole characters of `width` octets. */
const isNotWide =
  (width: 2 | 4) =>
  (contents: Uint8Array): boolean => {
    if (contents.length % width !== 0) return true;
    const buffer = asBuffer(contents);
    for (let i = 0; i < contents.length; i += width) {
      const character = buffer.readUIntBE(i, width);
      if (isSurrogate(character) || character > MAX_CODE_POINT) return true;
    }
    return false;
  };

const isNotTime =
  (tag: number) =>
  (contents: Uint8Array): boolean =>
    decodeTime(tag, contents) === undefined;

/** One entry for every type that certificates, requests and keys contain. */
const RULES: ReadonlyMap<number, readonly Rule[]> = new Map([
  [TAG.boolean, [['a BOOLEAN is neither 00 nor FF', (c) => c.length !== 1 || (c[0] !== 0 && c[0] !== 0xff)]]],
  [TAG.integer, INTEGER],
  [TAG.enumerated, INTEGER],
  [TAG.bitString, BIT_STRING],
  [TAG.octetString, []],
  [TAG.null, [['a NULL has contents', (contents) => contents.length > 0]]],
  [TAG.objectIdentifier, OBJECT_IDENTIFIER],
  [TAG.utf8String, [['a UTF8String is not UTF-8', (contents) => !isUtf8(contents)]]],
  [TAG.numericString, [['a NumericString has other characters than digits and space', isOutside(NUMERIC)]]],
  [
    TAG.printableString,
    [["a PrintableString has other characters than A-Z a-z 0-9 space '()+,-./:=?", isOutside(PRINTABLE)]],
  ],
  [TAG.ia5String, [['an IA5String has a character above 7F', (contents) => !isAscii(contents)]]],
  [
    TAG.visibleString,
    [['a VisibleString has a character outside 20-7E', (c) => c.some((o) => o < 0x20 || o > 0x7e)]],
  ],
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
export function primitiveFault(tag: number, contents: Uint8Array): string | undefined {
  if (tag >= 0x40) return undefined;
  const rules = RULES.get(tag);
  if (rules === undefined) return 'the type does not occur in certificates, requests and keys';
  return rules.find(([, isBroken]) => isBroken(contents))?.[0];
}
