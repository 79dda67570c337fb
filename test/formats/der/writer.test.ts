import * as asn1js from 'asn1js';
import * as fc from 'fast-check';
import t from 'tap';
import { PkiError } from '../../../src/base/errors.ts';
import * as der from '../../../src/formats/der/writer.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { same } from '../../algorithms/ml-dsa/octets.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

/** A value that der/writer.ts can encode, and the value that asn1js must decode from it. */
interface Written {
  readonly encoding: Uint8Array;
  readonly check: (block: asn1js.BaseBlock) => boolean;
}

const hexOf = (value: Uint8Array): string => Buffer.from(value).toString('hex');

const is =
  <T extends asn1js.BaseBlock>(type: new (...parameters: never[]) => T, holds: (block: T) => boolean) =>
  (block: asn1js.BaseBlock): boolean =>
    block instanceof type && holds(block);

const arc = fc.oneof(fc.nat(300), fc.nat());

const primitives: fc.Arbitrary<Written> = fc.oneof(
  fc.boolean().map((value) => ({
    encoding: der.boolean(value),
    check: is(asn1js.Boolean, (b) => b.getValue() === value),
  })),
  fc.bigInt({ min: 0n, max: 2n ** 300n }).map((value) => ({
    encoding: der.unsignedInteger(octets(value.toString(16).padStart(78, '0'))),
    check: is(asn1js.Integer, (b) => b.toBigInt() === value),
  })),
  fc.maxSafeNat().map((value) => ({
    encoding: der.unsignedInteger(value),
    check: is(asn1js.Integer, (b) => b.toBigInt() === BigInt(value)),
  })),
  fc.uint8Array({ maxLength: 300 }).map((value) => ({
    encoding: der.octetString(value),
    check: is(asn1js.OctetString, (b) => same(b.valueBlock.valueHexView, value)),
  })),
  fc.uint8Array({ maxLength: 40 }).map((value) => ({
    encoding: der.bitString(value),
    check: is(
      asn1js.BitString,
      (b) => b.valueBlock.unusedBits === 0 && same(b.valueBlock.valueHexView, value),
    ),
  })),
  fc.uniqueArray(fc.nat(40)).map((bits) => ({
    encoding: der.namedBits(bits),
    check: is(asn1js.BitString, (b) => {
      const text = [...b.valueBlock.valueHexView].map((octet) => octet.toString(2).padStart(8, '0')).join('');
      return (
        bits.every((bit) => text[bit] === '1') &&
        Array.from(text).filter((bit) => bit === '1').length === bits.length
      );
    }),
  })),
  fc
    .tuple(fc.constantFrom('0.9', '1.3', '2.5', '2.999'), fc.array(arc, { minLength: 1, maxLength: 12 }))
    .map(([root, arcs]) => {
      const dotted = [root, ...arcs].join('.');
      return {
        encoding: der.objectIdentifier(dotted),
        check: is(asn1js.ObjectIdentifier, (b) => b.getValue() === dotted),
      };
    }),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => ({
    encoding: der.utf8String(text),
    check: is(asn1js.Utf8String, (b) => b.getValue() === text),
  })),
  fc
    .date({
      min: new Date('1950-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    .map((date) => ({
      encoding: der.time(date),
      check: is(asn1js.UTCTime, (b) => b.toDate().getTime() === Math.floor(date.getTime() / 1000) * 1000),
    })),
);

const { value: written } = fc.letrec<{ value: Written }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    primitives,
    fc.array(tie('value'), { maxLength: 5 }).map((members) => ({
      encoding: der.sequence(...members.map(({ encoding }) => encoding)),
      check: is(asn1js.Sequence, (b) => checkAll(members, b.valueBlock.value)),
    })),
    fc.array(tie('value'), { maxLength: 5 }).map((members) => ({
      encoding: der.setOf(...members.map(({ encoding }) => encoding)),
      check: is(asn1js.Set, (b) =>
        checkAll(
          members.toSorted((a, c) => (hexOf(a.encoding) < hexOf(c.encoding) ? -1 : 1)),
          b.valueBlock.value,
        ),
      ),
    })),
    fc.tuple(fc.nat(30), tie('value')).map(([number, member]) => ({
      encoding: der.contextConstructed(number, member.encoding),
      check: is(
        asn1js.Constructed,
        (b) => b.idBlock.tagNumber === number && checkAll([member], b.valueBlock.value),
      ),
    })),
  ),
}));

const checkAll = (members: readonly Written[], blocks: readonly asn1js.BaseBlock[]): boolean =>
  members.length === blocks.length &&
  members.every(({ check }, i) => blocks[i] !== undefined && check(blocks[i]));

t.test('the DER writer encodes valid DER, and asn1js decodes the same values', async (t) => {
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(written, ({ encoding, check }) => {
        checkDer(encoding);
        const { offset, result } = asn1js.fromBER(encoding);
        return offset === encoding.length && check(result);
      }),
      { numRuns: 300 },
    ),
  );
});

t.test('changed octets are refused with a PkiError, or are what asn1js would encode', async (t) => {
  const change = fc.tuple(fc.nat(), fc.nat(255));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(written, fc.array(change, { minLength: 1, maxLength: 3 }), ({ encoding }, changes) => {
        const changed = new Uint8Array(encoding);
        for (const [index, octet] of changes) changed[index % changed.length] = octet;
        return isRefused(changed) || isWrittenAgain(changed);
      }),
      { numRuns: 500 },
    ),
  );
});

function isRefused(value: Uint8Array): boolean {
  try {
    checkDer(value);
    return false;
  } catch (error) {
    if (error instanceof PkiError && error.code === 'invalid-der') return true;
    throw error;
  }
}

function isWrittenAgain(value: Uint8Array): boolean {
  const { offset, result } = asn1js.fromBER(value);
  return offset === value.length && same(new Uint8Array(result.toBER()), value);
}

t.test('values are encoded in their shortest form', async (t) => {
  const cases: [string, Uint8Array, string][] = [
    ['zero', der.unsignedInteger(0), '020100'],
    ['no magnitude', der.unsignedInteger(new Uint8Array()), '020100'],
    ['a number whose top bit is set', der.unsignedInteger(128), '02020080'],
    ['the largest safe number', der.unsignedInteger(Number.MAX_SAFE_INTEGER), '02071fffffffffffff'],
    ['octets with leading zeros', der.unsignedInteger(octets('000001')), '020101'],
    ['no named bit', der.namedBits([]), '030100'],
    ['the named bits of a CA', der.namedBits([5, 6]), '03020106'],
    ['an OID whose second arc is large', der.objectIdentifier('2.999'), '06028837'],
    [
      'an OID with an arc of 20 digits',
      der.objectIdentifier('2.5.18446744073709551616'),
      '060b5582808080808080808000',
    ],
    ['the last UTCTime', der.time(new Date('2049-12-31T23:59:59Z')), '170d3439313233313233353935395a'],
    [
      'the first GeneralizedTime',
      der.time(new Date('2050-01-01T00:00:00.999Z')),
      '180f32303530303130313030303030305a',
    ],
    [
      'a time before UTCTime',
      der.time(new Date('1949-12-31T00:00:00Z')),
      '180f31393439313233313030303030305a',
    ],
    [
      'a set',
      der.setOf(der.boolean(true), der.unsignedInteger(1), der.boolean(false)),
      '310901010001 01ff020101'.replace(' ', ''),
    ],
  ];
  for (const [name, encoding, hex] of cases) t.equal(hexOf(encoding), hex, name);
  for (const length of [0x7f, 0x80, 0xff, 0x100, 0xffff, 0x10000])
    t.doesNotThrow(() => checkDer(der.octetString(new Uint8Array(length))), `${length} octets`);
});

t.test('a value without an encoding throws a RangeError', async (t) => {
  for (const text of [
    '',
    '1',
    '3.1',
    '1.40',
    '0.40',
    '1..2',
    '1.2.',
    '.1.2',
    '1.02',
    '1.-2',
    '1.2.x',
    '1.2 ',
    '1e1.2',
  ])
    t.throws(() => der.objectIdentifier(text), RangeError, `the OID ${text}`);
  for (const number of [-1, 0.5, NaN, Infinity, 2 ** 53])
    t.throws(() => der.unsignedInteger(number), RangeError, `the INTEGER ${number}`);
  for (const date of [
    new Date(NaN),
    new Date('+010000-01-01T00:00:00Z'),
    new Date('-000001-01-01T00:00:00Z'),
  ])
    t.throws(() => der.time(date), RangeError, `the year ${date.getUTCFullYear()}`);
  t.same(der.header(der.TAG.octetString, 2 ** 24 - 1), octets('0483ffffff'), 'a length below 2^24');
  t.same(der.header(der.TAG.octetString, 2 ** 24), octets('048401000000'), 'a length of 2^24');
  t.same(der.header(der.TAG.octetString, 2 ** 32 - 1), octets('0484ffffffff'), 'a length below 2^32');
  t.throws(() => der.header(der.TAG.octetString, 2 ** 32), RangeError, 'a length of 2^32');
});
