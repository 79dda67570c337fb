/** Times are read in one form only, and only those that exist. */

import * as fc from 'fast-check';
import t from 'tap';
import { elementOf } from '../../../src/formats/der/reader.ts';
import { decodeTime } from '../../../src/formats/der/time.ts';
import { TAG, time } from '../../../src/formats/der/writer.ts';

const read = (tag: number, text: string) => decodeTime(tag, Buffer.from(text, 'latin1'))?.toISOString();

t.test('what is written is read', async () => {
  const seconds = fc.integer({ min: Date.UTC(0, 0) / 1000, max: Date.UTC(9999, 11, 31) / 1000 });
  fc.assert(
    fc.property(seconds, (second) => {
      const date = new Date(second * 1000);
      const { tag, contents } = elementOf(time(date));
      return decodeTime(tag, contents)?.getTime() === date.getTime();
    }),
  );
});

t.test('the century of a UTCTime', async (t) => {
  t.equal(read(TAG.utcTime, '490101000000Z'), '2049-01-01T00:00:00.000Z');
  t.equal(read(TAG.utcTime, '500101000000Z'), '1950-01-01T00:00:00.000Z');
  t.equal(read(TAG.generalizedTime, '00000229235959Z'), '0000-02-29T23:59:59.000Z');
  t.equal(read(TAG.utcTime, '240229235959Z'), '2024-02-29T23:59:59.000Z');
});

t.test('other forms, and times that do not exist', async (t) => {
  const refused = [
    '260230000000Z',
    '250229000000Z',
    '260001000000Z',
    '261301000000Z',
    '260100000000Z',
    '260132000000Z',
    '260101240000Z',
    '260101006000Z',
    '260101000060Z',
    '260101000000z',
    '2601010000000',
    '2601010000Z',
    '26010100000aZ',
    '+60101000000Z',
    '20260101000000Z',
    '',
  ];
  for (const text of refused) t.equal(read(TAG.utcTime, text), undefined, text);
  t.equal(read(TAG.generalizedTime, '20260101000000.0Z'), undefined);
  t.equal(read(TAG.generalizedTime, '260101000000Z'), undefined);
});
