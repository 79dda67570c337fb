import * as fc from 'fast-check';
import t from 'tap';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { decodeOid, decodeText, elementOf, membersOf } from '../../../src/formats/der/reader.ts';
import * as der from '../../../src/formats/der/writer.ts';
import { openSequence, type StructureReader } from '../../../src/formats/der/structure-reader.ts';
import { same } from '../../algorithms/ml-dsa/octets.ts';
import { rfc9881 } from '../rfc9881.ts';

const context = { name: 'Thing', code: 'invalid-certificate' } as const;

const open = (...members: Uint8Array[]): StructureReader => openSequence(der.sequence(...members), context);

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

t.test('an element is a view of the input octets', async (t) => {
  const certificate = checkDer(rfc9881('ML-DSA-44.crt'));
  const { tag, contents, encoding } = elementOf(certificate);
  const [tbs, algorithm, signature, ...others] = membersOf(elementOf(certificate));
  t.equal(tag, der.TAG.sequence);
  t.ok(same(encoding, certificate));
  t.equal(contents.buffer, certificate.buffer);
  t.strictSame(
    [tbs?.tag, algorithm?.encoding.length, signature?.contents.length, others],
    [0x30, 13, 2421, []],
  );
  const whole = [tbs, algorithm, signature].map((member) => member?.encoding ?? new Uint8Array());
  t.ok(same(der.sequence(...whole), certificate));
  t.throws(() => checkDer(certificate.subarray(1)), { code: 'invalid-der' });
});

t.test('contents that are not an OID, or a longer one than is read, are shown in hexadecimal', async (t) => {
  for (const hex of ['', '2A81', '2A8001', '80', `2A${'01'.repeat(128)}`, `2A${'FF'.repeat(90_000)}01`])
    t.equal(decodeOid(octets(hex)), `#${hex}`, hex.slice(0, 20));
  t.equal(decodeOid(octets(`2A${'01'.repeat(127)}`)), `1.2${'.1'.repeat(127)}`);
});

t.test('an encoded OID decodes to the same OID', async (t) => {
  const arcs = fc.tuple(
    fc.constantFrom('0.39', '1.2', '2.40', '2.999', '2.47'),
    fc.array(fc.bigInt({ min: 0n, max: 2n ** 70n }), { maxLength: 8 }),
  );
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(arcs, ([root, rest]) => {
        const dotted = [root, ...rest].join('.');
        return decodeOid(elementOf(der.objectIdentifier(dotted)).contents) === dotted;
      }),
    ),
  );
});

t.test('text is decoded by its string type', async (t) => {
  const cases: [string, number, string, string | undefined][] = [
    ['UTF8String', 0x0c, 'efbbbfc3a9f09f9880', '\uFEFFé😀'],
    ['NumericString', 0x12, '3120', '1 '],
    ['PrintableString', 0x13, '412d', 'A-'],
    ['TeletexString', 0x14, '41e9', 'Aé'],
    ['IA5String', 0x16, '40', '@'],
    ['VisibleString', 0x1a, '7e', '~'],
    ['UniversalString', 0x1c, '0001f600', '😀'],
    ['BMPString', 0x1e, '6f22feff', '漢\uFEFF'],
    ['OCTET STRING', 0x04, '41', undefined],
  ];
  for (const [name, tag, hex, text] of cases)
    t.equal(decodeText(elementOf(der.tlv(tag, octets(hex)))), text, name);
});

t.test('the members of a structure are read in order', async (t) => {
  const reader = open(
    der.contextConstructed(0, der.unsignedInteger(2)),
    der.unsignedInteger(0xdeadbeef),
    der.objectIdentifier('1.2.3'),
    der.boolean(true),
    der.octetString(octets('0102')),
    der.bitString(octets('03')),
    der.tlv(0x81, octets('0004')),
    der.time(new Date('2050-01-01T00:00:00Z')),
    der.setOf(der.nullValue()),
  );
  const version = reader.optionalStructure('version', 0xa0);
  t.equal(version?.smallInteger('number'), 2);
  version?.end();
  t.equal(reader.optionalStructure('other', 0xa1), undefined);
  t.strictSame(reader.integer('serial'), octets('00deadbeef'));
  t.equal(reader.oid('oid'), '1.2.3');
  t.equal(reader.defaultFalse('critical'), true, 'the value is present');
  t.equal(reader.defaultFalse('another'), false, 'the value is absent');
  t.strictSame(reader.octetString('octets'), octets('0102'));
  t.strictSame(reader.bitString('bits'), octets('03'));
  t.strictSame(reader.bitString('implicit bits', 0x81), octets('04'));
  t.strictSame(reader.time('time'), new Date('2050-01-01T00:00:00Z'));
  t.equal(reader.hasMore, true, 'elements are left');
  t.equal(reader.optionalElement('integer', der.TAG.integer), undefined);
  t.equal(reader.structure('set', der.TAG.set).element('null').tag, der.TAG.null);
  t.equal(reader.hasMore, false, 'no element is left');
  reader.end();
});

t.test('an unexpected structure is refused with the name of the field', async (t) => {
  const cases: [string, () => unknown, string][] = [
    ['missing', () => open().oid('type'), 'Thing.type is missing'],
    ['of another type', () => open(der.nullValue()).oid('type'), 'Thing.type must have the tag 06, not 05'],
    ['too many', () => open(der.nullValue()).end(), 'Thing has an unexpected member after the last one'],
    [
      'in depth',
      () => open(der.sequence()).structure('inner').structure('most'),
      'Thing.inner.most is missing',
    ],
    [
      'a large number',
      () => open(der.unsignedInteger(2 ** 31)).smallInteger('n'),
      'Thing.n must be an INTEGER from 0 to 2147483647',
    ],
    [
      'a negative number',
      () => open(octets('0201ff')).smallInteger('n'),
      'Thing.n must be an INTEGER from 0 to 2147483647',
    ],
    [
      'odd bits',
      () => open(der.namedBits([0])).bitString('bits'),
      'Thing.bits must be a BIT STRING of whole octets',
    ],
    [
      'empty IMPLICIT bits',
      () => open(octets('8100')).bitString('bits', 0x81),
      'Thing.bits must be a BIT STRING of whole octets',
    ],
    [
      'FALSE spelled out',
      () => open(der.boolean(false)).defaultFalse('cA'),
      'Thing.cA must be absent when it is FALSE, its DEFAULT (X.690 §11.5)',
    ],
    ['no time', () => open(der.nullValue()).time('t'), 'Thing.t must be a UTCTime or GeneralizedTime'],
    ['no SEQUENCE', () => openSequence(der.nullValue(), context), 'Thing must be a SEQUENCE'],
  ];
  for (const [name, read, message] of cases) t.throws(read, { code: 'invalid-certificate', message }, name);
  t.throws(() => openSequence(checkDer(octets('3080')), context), { code: 'invalid-der' }, 'no DER');
});
