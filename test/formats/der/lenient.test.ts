import * as fc from 'fast-check';
import t from 'tap';
import { PkiError } from '../../../src/base/errors.ts';
import { firstMemberAsReceived, readDer } from '../../../src/formats/der/lenient.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { concat, header, sequence, setOf, tlv } from '../../../src/formats/der/writer.ts';
import { createReading } from '../../../src/formats/reading.ts';
import { octets } from '../../support/crafted.ts';

const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

function read(value: Uint8Array) {
  const reading = createReading({ isStrict: false });
  const { der } = readDer(value, { reading, subject: 'The test' });
  return { der, codes: reading.notes.map(({ code }) => code) };
}

/** Octets, the DER that is read, and the codes of the notes. */
const TOLERATED: readonly [name: string, octets: string, der: string, ...codes: string[]][] = [
  ['an indefinite length', '3080 020101 0000', '3003 020101', 'ber-length'],
  ['an indefinite length in another', '3080 3080 0000 0000', '3002 3000', 'ber-length', 'ber-length'],
  ['a long form of a short length', '308103 020101', '3003 020101', 'ber-length'],
  ['a length with leading zeros', '3084 00000003 020101', '3003 020101', 'ber-length'],
  ['a long form in a primitive', '30 04 02 8101 01', '3003 020101', 'ber-length'],
  ['a high tag number with a long length', 'bf1f 8103 020101', 'bf1f 03 020101', 'ber-length'],
  ['a constructed OCTET STRING', '2407 0402 0102 0401 03', '0403 010203', 'ber-string'],
  ['a constructed string of no parts', '2c00', '0c00', 'ber-string'],
  ['a nested constructed string', '2405 2403 0401 01', '0401 01', 'ber-string', 'ber-string'],
  ['a text of OCTET STRINGs', '2c06 0401 61 0401 62', '0c02 6162', 'ber-string'],
  ['a constructed BIT STRING', '2308 0302 00 01 0302 04 10', '0303 04 01 10', 'ber-string'],
  ['TRUE as 01', '0101 01', '0101 ff', 'boolean'],
  ['unused bits that are not zero', '0302 03 07', '0302 03 00', 'bit-string'],
  ['* in a PrintableString', '1301 2a', '1301 2a', 'string-characters'],
  ['Latin-1 in a UTF8String', '0c01 fc', '0c01 fc', 'string-characters'],
  ['a BMPString of three octets', '1e03 004100', '1e03 004100', 'string-characters'],
  ['a set that is not in order', '3106 020102 020101', '3106 020102 020101', 'set-order'],
  ['an ObjectDescriptor', '0701 41', '0701 41', 'unknown-type'],
  ['a UTCTime without seconds', `170b ${hex(Buffer.from('2001010000Z'))}`, utc('200101000000Z'), 'time-form'],
  [
    'a UTCTime with an offset',
    `1711 ${hex(Buffer.from('200101013000+0130'))}`,
    utc('200101000000Z'),
    'time-form',
  ],
  [
    'a year that the offset changes',
    `170f ${hex(Buffer.from('2001010000+0100'))}`,
    utc('191231230000Z'),
    'time-form',
  ],
  [
    'a fraction',
    `1812 ${hex(Buffer.from('20500101000000.25Z'))}`,
    generalized('20500101000000Z'),
    'time-form',
  ],
  ['hours only', `180b ${hex(Buffer.from('2020010100Z'))}`, utc('200101000000Z'), 'time-form'],
];

function utc(text: string): string {
  return `170d ${hex(Buffer.from(text))}`;
}

function generalized(text: string): string {
  return `180f ${hex(Buffer.from(text))}`;
}

for (const [name, given, expected, ...codes] of TOLERATED)
  t.test(`${name} is read`, async (t) => {
    const value = read(octets(given));
    t.same({ der: hex(value.der), codes }, { der: hex(octets(expected)), codes: value.codes });
    t.throws(
      () => readDer(octets(given)),
      { name: 'PkiError', code: 'invalid-der' },
      'not in strict reading',
    );
  });

const REJECTED: readonly [name: string, octets: string, fault: RegExp][] = [
  ['octets after the value', '3003 020101 00', /at octet 5: 1 octets follow the value/],
  ['octets after an indefinite value', '3080 0000 00', /1 octets follow the value/],
  ['no end of contents', '3080 020101', /end-of-contents mark is missing/],
  ['an end of contents in a definite value', '3002 0000', /the type does not occur/],
  ['an indefinite primitive', '0480 0401 01 0000', /not constructed is indefinite/],
  ['a length that is cut off', '3003 0201', /only 2 octets are left/],
  ['a length of more than 8 octets', `30 89 ${'00'.repeat(8)}01 00`, /more than 8 octets/],
  ['an INTEGER with a leading zero', '0202 0001', /not in its shortest form/],
  ['an OBJECT IDENTIFIER that is cut off', '0601 80', /is cut off/],
  ['a BOOLEAN of two octets', '0102 ffff', /BOOLEAN/],
  ['a BIT STRING of 9 unused bits', '0302 09 00', /more than 7 unused bits/],
  ['a NULL with contents', '0501 00', /NULL/],
  ['a primitive SEQUENCE', '1000', /the type does not occur/],
  ['a constructed INTEGER', '2203 020101', /not a string is in constructed form/],
  ['a string of INTEGERs', '2403 020101', /not a string is in constructed form/],
  ['a BIT STRING with unused bits in the middle', '2308 0302 04 10 0302 00 01', /constructed form/],
  ['30 February', `170d ${hex(Buffer.from('200230000000Z'))}`, /real time/],
  ['a local time', `180e ${hex(Buffer.from('20200101000000'))}`, /real time/],
  ['33 values in each other', `${'3080'.repeat(33)}${'0000'.repeat(33)}`, /nested more than 32 deep/],
];

for (const [name, given, message] of REJECTED)
  t.test(`${name} is rejected`, async (t) => {
    t.throws(() => read(octets(given)), { name: 'PkiError', code: 'invalid-der', message });
  });

t.test('more than 10,000 values are rejected', async (t) => {
  t.throws(
    () => read(concat([octets('3080'), Buffer.alloc(20_000, '0500', 'hex'), octets('0000')])),
    /10000 values/,
  );
});

/** A value, as DER and as one of its encodings in BER. */
interface Both {
  readonly der: Uint8Array;
  readonly ber: Uint8Array;
}

const LENGTHS = ['short', 'long', 'zeros', 'indefinite'] as const;
type Length = (typeof LENGTHS)[number];

function inBer(tag: number, contents: Uint8Array, length: Length): Uint8Array {
  const { length: size } = contents;
  if (length === 'indefinite' && (tag & 0x20) !== 0)
    return concat([Uint8Array.of(tag, 0x80), contents, octets('0000')]);
  if (length === 'short') return concat([header(tag, size), contents]);
  const zeros = length === 'zeros' ? 2 : 0;
  const digits = [size >> 16, (size >> 8) & 0xff, size & 0xff];
  return concat([
    Uint8Array.of(tag, 0x80 | (zeros + 3), ...Array<number>(zeros).fill(0), ...digits),
    contents,
  ]);
}

const length = fc.constantFrom(...LENGTHS);
const contents = fc.uint8Array({ maxLength: 200 });

const primitive: fc.Arbitrary<Both> = fc
  .record({ contents, length })
  .map(({ contents, length }) => ({ der: tlv(4, contents), ber: inBer(4, contents, length) }));

const cut: fc.Arbitrary<Both> = fc
  .record({ parts: fc.array(fc.record({ contents, length }), { maxLength: 4 }), length })
  .map(({ parts, length }) => ({
    der: tlv(4, ...parts.map(({ contents }) => contents)),
    ber: inBer(0x24, concat(parts.map((part) => inBer(4, part.contents, part.length))), length),
  }));

const { value } = fc.letrec<{ value: Both; list: Both }>((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, primitive, cut, tie('list')),
  list: fc
    .record({
      tag: fc.constantFrom(0x30, 0xa0, 0xa3),
      members: fc.array(tie('value'), { maxLength: 5 }),
      length,
    })
    .map(({ tag, members, length }) => ({
      der: tlv(tag, ...members.map(({ der }) => der)),
      ber: inBer(tag, concat(members.map(({ ber }) => ber)), length),
    })),
}));

t.test('every BER encoding of a value is read as its DER', async (t) => {
  let count = 0;
  fc.assert(
    fc.property(value, ({ der, ber }) => {
      count += Number(Buffer.compare(der, ber) !== 0);
      return Buffer.compare(read(ber).der, der) === 0;
    }),
    { numRuns: 500 },
  );
  t.ok(count > 100, `${count} of 500 differ from DER`);
});

t.test('the first member is returned as received', async (t) => {
  fc.assert(
    fc.property(value, fc.constantFrom(...LENGTHS), (first, length) => {
      const received = inBer(0x30, concat([first.ber, sequence()]), length);
      const { der } = readDer(received, { reading: createReading({ isStrict: false }) });
      return Buffer.compare(firstMemberAsReceived({ received, der }), first.ber) === 0;
    }),
  );
  t.throws(() => firstMemberAsReceived({ received: octets('3080 0000'), der: sequence() }), PkiError);
});

const CANONICAL = new Set(['ber-length', 'ber-string', 'boolean', 'bit-string', 'time-form']);

t.test('whatever is read is read again as the same, and nothing else is thrown than PkiError', async (t) => {
  const seeds = TOLERATED.map(([, given]) => octets(given));
  let count = 0;
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...seeds), { minLength: 1, maxLength: 4 }),
      fc.array(fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 255 })), { maxLength: 3 }),
      (values, changes) => {
        const whole = sequence(setOf(...values), ...values);
        for (const [at, octet] of changes) if (at < whole.length) whole[at] = octet;
        try {
          const first = read(whole);
          const again = read(first.der);
          count += 1;
          return (
            Buffer.compare(first.der, again.der) === 0 && !again.codes.some((code) => CANONICAL.has(code))
          );
        } catch (error) {
          return error instanceof PkiError;
        }
      },
    ),
    { numRuns: 2000 },
  );
  t.ok(count > 200, `${count} of 2000 are read`);
});

t.test('what the strict check accepts is returned as it is, without a note', async (t) => {
  const der = checkDer(sequence(tlv(0x13, Buffer.from('a')), setOf(tlv(4), tlv(5))));
  const { received, der: result } = readDer(der, { reading: createReading({ isStrict: false }) });
  t.equal(result, der);
  t.equal(received, der);
  t.same(read(der).codes, []);
});
