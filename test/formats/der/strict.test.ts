import t from 'tap';
import * as der from '../../../src/formats/der/writer.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import { rfc9881 } from '../rfc9881.ts';

const octets = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const ascii = (tag: number, text: string): Uint8Array => der.tlv(tag, Buffer.from(text, 'latin1'));

/** Returns `count` nested SEQUENCEs. */
function nested(count: number): Uint8Array {
  let value = new Uint8Array();
  for (let i = 0; i < count; i += 1) value = new Uint8Array(der.sequence(value));
  return value;
}

const nulls = (count: number): Uint8Array =>
  der.sequence(...Array.from({ length: count }, () => der.nullValue()));

/** Each rule has inputs that it accepts, and inputs that it refuses with their message. */
const RULES: Record<string, { good: (string | Uint8Array)[]; bad: [string | Uint8Array, RegExp][] }> = {
  'one value and nothing after it': {
    good: ['05 00', '30 00'],
    bad: [
      ['', /octet 0: a value is missing/],
      ['05 00 00', /octet 2: 1 octets follow/],
      ['30 00 30 00', /octet 2: 2 octets follow/],
    ],
  },
  'definite lengths in their shortest form': {
    good: [
      der.octetString(new Uint8Array(127)),
      der.octetString(new Uint8Array(128)),
      der.octetString(new Uint8Array(70_000)),
    ],
    bad: [
      ['30 80 05 00 00 00', /octet 1: the length is indefinite/],
      [
        der.concat([octets('04 81 7f'), new Uint8Array(127)]),
        /octet 1: the length is not in its shortest form/,
      ],
      [der.concat([octets('04 82 00 80'), new Uint8Array(128)]), /octet 1: the length has leading zeros/],
      ['04', /octet 1: the length is missing/],
      ['04 82 01', /octet 1: the length is cut off/],
    ],
  },
  'lengths within the input': {
    good: ['04 02 00 00'],
    bad: [
      ['04 03 00 00', /octet 1: the length is 3 octets, but only 2 octets are left/],
      ['04 84 ff ff ff ff', /octet 1: the length is 4294967295 octets, but only 0 octets are left/],
      ['04 85 01 00 00 00 00', /octet 1: the length is larger than the octets that are left/],
      [der.concat([octets('04 ff'), new Uint8Array(127).fill(1)]), /octet 1: the length is larger/],
      // the member ends beyond the SEQUENCE, though not beyond the input
      ['30 06 30 02 04 02 00 00', /octet 5: the length is 2 octets, but only 0 octets are left/],
    ],
  },
  'tag numbers in their shortest form': {
    good: ['9f 1f 00', '9f 81 00 00', 'bf 1f 00'],
    bad: [
      ['9f 1e 00', /octet 0: the tag number is not in its shortest form/],
      ['9f 80 1f 00', /octet 0: the tag number has leading zeros/],
      ['9f ff', /octet 0: the tag is cut off/],
      ['9f 81 81 81 81 01 00', /octet 0: the tag number is too large/],
      ['00 00', /octet 0: the value is an end-of-contents mark/],
    ],
  },
  'the form of universal types': {
    good: ['30 00', '31 00', '80 01 00', 'a0 02 05 00', '1b 01 ff', '14 01 ff'],
    bad: [
      ...[
        '21 00',
        '22 00',
        '23 00',
        '24 00',
        '2c 00',
        '32 00',
        '33 00',
        '34 00',
        '36 00',
        '37 00',
        '38 00',
        '3a 00',
        '3c 00',
        '3e 00',
      ].map((hex): [string, RegExp] => [hex, /octet 0: a simple type is in constructed form/]),
      ['28 00', /octet 0: a simple type is in constructed form/],
      ['09 00', /octet 0: the type does not occur in certificates, requests and keys/],
      ['0f 00', /octet 0: the type does not occur in certificates, requests and keys/],
      ['1f 1f 00', /octet 0: the type does not occur in certificates, requests and keys/],
      ['10 00', /octet 0: a SEQUENCE or SET is in primitive form/],
      ['11 00', /octet 0: a SEQUENCE or SET is in primitive form/],
      ['a0 01 05', /octet 3: the length is missing/],
    ],
  },
  BOOLEAN: {
    good: ['01 01 00', '01 01 ff'],
    bad: [
      ['01 01 01', /octet 0: a BOOLEAN is neither 00 nor FF/],
      ['01 00', /BOOLEAN/],
      ['01 02 ff ff', /BOOLEAN/],
    ],
  },
  'INTEGER and ENUMERATED': {
    good: ['02 01 00', '02 02 00 80', '02 01 80', '02 02 ff 7f', '0a 01 05'],
    bad: [
      ['02 00', /octet 0: an INTEGER or ENUMERATED has no contents/],
      ['0a 00', /has no contents/],
      ['02 02 00 7f', /not in its shortest form/],
      ['02 02 ff 80', /not in its shortest form/],
      ['0a 02 00 01', /not in its shortest form/],
    ],
  },
  'BIT STRING': {
    good: ['03 01 00', '03 02 07 80', '03 02 00 ff'],
    bad: [
      ['03 00', /has no octet for the number/],
      ['03 01 01', /an empty BIT STRING has unused bits/],
      ['03 02 08 00', /more than 7 unused bits/],
      ['03 02 07 c0', /unused bits that are not zero/],
    ],
  },
  'OBJECT IDENTIFIER': {
    good: ['06 01 2a', '06 03 2a 86 48', '06 04 2a 81 80 00', der.tlv(6, new Uint8Array(128).fill(1))],
    bad: [
      ['06 00', /has no contents/],
      ['06 02 2a 86', /cut off/],
      ['06 03 2a 80 01', /arc that is not in its shortest form/],
      ['06 02 80 01', /arc that is not in its shortest form/],
      [der.tlv(6, new Uint8Array(129).fill(1)), /more than 128 octets/],
    ],
  },
  NULL: { good: ['05 00'], bad: [['05 01 00', /a NULL has contents/]] },
  'SET OF in ascending order': {
    good: [
      '31 00',
      '31 06 02 01 01 02 01 02',
      '31 06 02 01 01 02 01 01',
      '31 07 02 01 7f 02 02 00 80',
      '30 06 02 01 02 02 01 01',
    ],
    bad: [
      ['31 06 02 01 02 02 01 01', /octet 5: the elements of a SET OF are not in ascending order/],
      ['31 07 02 02 00 80 02 01 7f', /octet 6: the elements of a SET OF are not in ascending order/],
      ['30 08 31 06 02 01 02 02 01 01', /octet 7: the elements of a SET OF/],
    ],
  },
  PrintableString: {
    good: [ascii(0x13, "AZaz09 '()+,-./:=?"), '13 00'],
    bad: Array.from('@*&_"#;<>\n\0\x80').map((character): [Uint8Array, RegExp] => [
      ascii(0x13, `a${character}`),
      /PrintableString/,
    ]),
  },
  NumericString: { good: [ascii(0x12, '0 9')], bad: [[ascii(0x12, '1a'), /NumericString/]] },
  IA5String: { good: [ascii(0x16, 'a@b\x00\x7f')], bad: [[ascii(0x16, '\x80'), /IA5String/]] },
  VisibleString: {
    good: [ascii(0x1a, ' ~')],
    bad: [
      [ascii(0x1a, '\x1f'), /VisibleString/],
      [ascii(0x1a, '\x7f'), /VisibleString/],
    ],
  },
  UTF8String: {
    good: [der.utf8String('é漢😀'), '0c 00'],
    bad: [
      ['0c 01 ff', /UTF8String/],
      ['0c 02 c0 80', /UTF8String/],
      ['0c 03 ed a0 80', /UTF8String/],
      ['0c 02 e6 bc', /UTF8String/],
    ],
  },
  BMPString: {
    good: ['1e 04 00 41 6f 22'],
    bad: [
      ['1e 03 00 41 00', /BMPString/],
      ['1e 04 d8 3d de 00', /BMPString/],
    ],
  },
  UniversalString: {
    good: ['1c 04 00 01 f6 00'],
    bad: [
      ['1c 03 00 00 41', /UniversalString/],
      ['1c 04 00 11 00 00', /UniversalString/],
      ['1c 04 00 00 d8 00', /UniversalString/],
    ],
  },
  UTCTime: {
    good: [
      ascii(0x17, '491231235959Z'),
      ascii(0x17, '500101000000Z'),
      ascii(0x17, '240229000000Z'),
      ascii(0x17, '000229000000Z'),
    ],
    bad: [
      '2412312359Z',
      '241231235959',
      '241231235959+0100',
      '241231235959z',
      '230229000000Z',
      '241301000000Z',
      '240001000000Z',
      '240100000000Z',
      '241231240000Z',
      '241231236000Z',
      '241231235960Z',
      '24123123595 Z',
      '20241231235959Z',
    ].map((text): [Uint8Array, RegExp] => [ascii(0x17, text), /octet 0: a UTCTime is not a real time/]),
  },
  GeneralizedTime: {
    good: [
      ascii(0x18, '20500101000000Z'),
      ascii(0x18, '99991231235959Z'),
      ascii(0x18, '00000101000000Z'),
      ascii(0x18, '20000229235959Z'),
    ],
    bad: [
      '20500101000000.0Z',
      '205001010000Z',
      '20500101000000',
      '20500101000000+0000',
      '21000229000000Z',
      '20500101250000Z',
      '500101000000Z',
    ].map((text): [Uint8Array, RegExp] => [
      ascii(0x18, text),
      /octet 0: a GeneralizedTime is not a real time/,
    ]),
  },
  depth: {
    good: [nested(32)],
    bad: [
      [nested(33), /nested more than 32 deep/],
      [nested(20_000), /nested more than 32 deep/],
    ],
  },
  'number of values': { good: [nulls(9_999)], bad: [[nulls(10_000), /more than 10000 values/]] },
};

const named = (value: string | Uint8Array): string =>
  typeof value === 'string' ? value : Buffer.from(value).toString('hex').slice(0, 60);

const octetsOf = (value: string | Uint8Array): Uint8Array =>
  typeof value === 'string' ? octets(value) : value;

for (const [rule, { good, bad }] of Object.entries(RULES))
  t.test(`DER: ${rule}`, async (t) => {
    for (const value of good) t.doesNotThrow(() => checkDer(octetsOf(value)), `accepts ${named(value)}`);
    for (const [value, message] of bad) {
      const expected = { name: 'PkiError', code: 'invalid-der', message };
      t.throws(() => checkDer(octetsOf(value)), expected, `refuses ${named(value)}`);
    }
  });

t.test('the certificates and keys of RFC 9881 are DER', async (t) => {
  const forms = ['.crt', '.pub', '-seed.priv', '-both.priv'];
  for (const file of [44, 65, 87].flatMap((set) => forms.map((form) => `ML-DSA-${set}${form}`)))
    t.doesNotThrow(() => checkDer(rfc9881(file)), file);
});
