/** What the contents of each primitive universal type must be (X.690 §8, §10, §11; characters: X.680 §41). */

import { isAscii, isUtf8 } from 'node:buffer';
import { decodeTime } from './time.ts';
import { TAG } from './writer.ts';
import { asBuffer } from '../../base/octets.ts';

type Rule = readonly [fault: string, isBroken: (contents: Uint8Array) => boolean];

/** Far beyond the 100 octets of RFC 5280 appendix B; bounds the work on arcs, which have no limit of their own. */
const MAX_OID_OCTETS = 128;

const MAX_CODE_POINT = 0x10ffff;

/** Whether the first nine bits are all alike (X.690 §8.3.2). */
function hasNeedlessOctet(contents: Uint8Array): boolean {
  const first = contents[0];
  const second = contents[1];
  return second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

const INTEGER: readonly Rule[] = [
  ['an INTEGER or ENUMERATED without contents', (contents) => contents.length === 0],
  ['an INTEGER or ENUMERATED that is not in its shortest form', hasNeedlessOctet],
];

const lastOf = (contents: Uint8Array): number => contents[contents.length - 1] ?? 0;

/** The leading octet of a BIT STRING says how many bits of the last are unused (X.690 §8.6.2, §11.2.1). */
const hasUnusedBitSet = (contents: Uint8Array): boolean =>
  (lastOf(contents) & ((1 << (contents[0] ?? 0)) - 1)) !== 0;

const BIT_STRING: readonly Rule[] = [
  ['a BIT STRING without its octet for the unused bits', (contents) => contents.length === 0],
  ['a BIT STRING with more than 7 unused bits', (contents) => (contents[0] ?? 0) > 7],
  ['an empty BIT STRING with unused bits', (contents) => contents.length === 1 && contents[0] !== 0],
  [
    'a BIT STRING whose unused bits are not zero',
    (contents) => contents.length > 1 && hasUnusedBitSet(contents),
  ],
];

const beginsAnArc = (contents: Uint8Array, index: number): boolean =>
  index === 0 || ((contents[index - 1] ?? 0) & 0x80) === 0;

const OBJECT_IDENTIFIER: readonly Rule[] = [
  ['an OBJECT IDENTIFIER without contents', (contents) => contents.length === 0],
  [
    `an OBJECT IDENTIFIER of more than ${MAX_OID_OCTETS} octets`,
    (contents) => contents.length > MAX_OID_OCTETS,
  ],
  ['an OBJECT IDENTIFIER that is cut off', (contents) => lastOf(contents) >= 0x80],
  [
    'an OBJECT IDENTIFIER with an arc that is not in its shortest form',
    (contents) => contents.some((octet, index) => octet === 0x80 && beginsAnArc(contents, index)),
  ],
];

/** A set of characters as one answer for each octet. */
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

/** Whether there is anything but whole characters of `width` octets. */
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

/** Of every type that certificates, requests and keys have. */
const RULES: ReadonlyMap<number, readonly Rule[]> = new Map([
  [TAG.boolean, [['a BOOLEAN other than 00 or FF', (c) => c.length !== 1 || (c[0] !== 0 && c[0] !== 0xff)]]],
  [TAG.integer, INTEGER],
  [TAG.enumerated, INTEGER],
  [TAG.bitString, BIT_STRING],
  [TAG.octetString, []],
  [TAG.null, [['a NULL with contents', (contents) => contents.length > 0]]],
  [TAG.objectIdentifier, OBJECT_IDENTIFIER],
  [TAG.utf8String, [['a UTF8String that is not UTF-8', (contents) => !isUtf8(contents)]]],
  [TAG.numericString, [['a NumericString with other characters than digits and space', isOutside(NUMERIC)]]],
  [
    TAG.printableString,
    [["a PrintableString with other characters than A-Z a-z 0-9 space '()+,-./:=?", isOutside(PRINTABLE)]],
  ],
  [TAG.ia5String, [['an IA5String with a character beyond 7F', (contents) => !isAscii(contents)]]],
  [
    TAG.visibleString,
    [['a VisibleString with a character outside 20-7E', (c) => c.some((o) => o < 0x20 || o > 0x7e)]],
  ],
  [TAG.bmpString, [['a BMPString that is not made of UCS-2 characters', isNotWide(2)]]],
  [TAG.universalString, [['a UniversalString that is not made of UCS-4 characters', isNotWide(4)]]],
  [TAG.teletexString, []],
  [TAG.generalString, []],
  [TAG.utcTime, [['a UTCTime that is not a real time of the form YYMMDDHHMMSSZ', isNotTime(TAG.utcTime)]]],
  [
    TAG.generalizedTime,
    [
      [
        'a GeneralizedTime that is not a real time of the form YYYYMMDDHHMMSSZ',
        isNotTime(TAG.generalizedTime),
      ],
    ],
  ],
] satisfies [number, readonly Rule[]][]);

/** Says what is wrong with contents under a primitive tag; undefined where nothing is. Only universal types have rules. */
export function primitiveFault(tag: number, contents: Uint8Array): string | undefined {
  if (tag >= 0x40) return undefined;
  const rules = RULES.get(tag);
  if (rules === undefined) return 'a type that certificates, requests and keys do not have';
  return rules.find(([, isBroken]) => isBroken(contents))?.[0];
}
