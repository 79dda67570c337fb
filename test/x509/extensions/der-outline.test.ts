import * as fc from 'fast-check';
import t from 'tap';
import type { Der } from '../../../src/formats/der/header.ts';
import { checkDer } from '../../../src/formats/der/strict.ts';
import * as der from '../../../src/formats/der/writer.ts';
import { outlineDer } from '../../../src/x509/extensions/der-outline.ts';
import { octets } from '../../support/crafted.ts';

const { sequence, unsignedInteger: integer, octetString } = der;

const ROWS: readonly (readonly [value: Uint8Array, outline: string])[] = [
  [octets('05 00'), 'NULL'],
  [octets('01 01 ff'), 'BOOLEAN TRUE'],
  [octets('02 01 80'), 'INTEGER -128'],
  [octets('02 08 01 02 03 04 05 06 07 08'), 'INTEGER 0x0102030405060708'],
  [octets('03 02 01 06'), 'BIT STRING 06'],
  [octets('04 02 30 00'), 'OCTET STRING { SEQUENCE {} }'],
  [octets('04 02 30 01'), 'OCTET STRING 30:01'],
  [octets('0c 03 61 62 63'), 'UTF8String "abc"'],
  [octets('16 02 61 0a'), String.raw`IA5String "a\x0A"`],
  [octets('1e 02 26 3a'), 'BMPString "☺"'],
  [der.time(new Date('2030-01-02T03:04:05Z')), 'UTCTime 2030-01-02T03:04:05Z'],
  [der.contextPrimitive(1, octets('01 02')), '[1] 01:02'],
  [der.contextPrimitive(1, Buffer.from('text')), '[1] "text"'],
  [der.contextConstructed(3, integer(1)), '[3] { INTEGER 1 }'],
  [octets('bf 85 3d 03 02 01 05'), '[701] { INTEGER 5 }'],
  [octets('41 01 05'), '[APPLICATION 1] 05'],
  [octets('c1 01 05'), '[PRIVATE 1] 05'],
  [
    sequence(der.objectIdentifier('1.3.6.1.5.5.7.3.1'), der.setOf(integer(1), integer(2))),
    'SEQUENCE { OBJECT IDENTIFIER serverAuth, SET { INTEGER 1, INTEGER 2 } }',
  ],
];

t.test('a value is outlined by its types', async (t) => {
  for (const [value, outline] of ROWS) t.equal(outlineDer(checkDer(value)), outline);
});

const nested = (depth: number): Der => (depth === 0 ? integer(1) : sequence(nested(depth - 1)));

t.test('the outline is bounded in depth, number and length', async (t) => {
  t.equal(outlineDer(nested(8)), `${'SEQUENCE { '.repeat(8)}INTEGER 1${' }'.repeat(8)}`);
  t.equal(outlineDer(nested(9)), `${'SEQUENCE { '.repeat(9)}…${' }'.repeat(9)}`);
  const many = outlineDer(sequence(...Array.from({ length: 500 }, () => integer(1))));
  t.equal(many.match(/INTEGER/g)?.length, 99);
  t.ok(many.endsWith(', … }'));
  t.equal(outlineDer(octetString(new Uint8Array(1000))).length, 'OCTET STRING '.length + 96 + 1);
  t.equal(outlineDer(der.utf8String('a'.repeat(1000))), `UTF8String "${'a'.repeat(96)}…"`);
});

t.test('any DER has an outline of at most 30,000 characters', async (t) => {
  const { value } = fc.letrec<{ value: Uint8Array }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 12 },
      fc.uint8Array({ maxLength: 200 }).map((octets) => octetString(octets)),
      fc.array(tie('value'), { maxLength: 6 }).map((members) => sequence(...members)),
      tie('value').map((inner) => octetString(inner)),
    ),
  }));
  t.doesNotThrow(() =>
    fc.assert(
      fc.property(value, (octets) => outlineDer(checkDer(octets)).length <= 30_000),
      { numRuns: 300 },
    ),
  );
});
