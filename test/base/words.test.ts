/** The words that errors and the documentation use for values and names. */

import t from 'tap';
import { describeConstraint, type SchemaNode } from '../../src/base/schema-text.ts';
import { closestName, isSimilar } from '../../src/base/edit-distance.ts';
import { closestValue, spellingReader, spellingsOf } from '../../src/base/spelling.ts';

t.test('a constraint is described in words that complete "must be"', async (t) => {
  const words: readonly [SchemaNode, string][] = [
    [{ type: 'boolean' }, 'true or false'],
    [{ type: 'integer' }, 'a whole number'],
    [{ type: 'integer', minimum: 1 }, 'a whole number of at least 1'],
    [{ type: 'integer', maximum: 9 }, 'a whole number of at most 9'],
    [{ type: 'integer', minimum: 1, maximum: 9 }, 'a whole number from 1 to 9'],
    [{ type: 'string' }, 'a string'],
    [{ type: 'string', minLength: 1 }, 'a string that is not empty'],
    [{ type: 'string', minLength: 2 }, 'a string of at least 2 characters'],
    [{ type: 'string', maxLength: 9 }, 'a string of at most 9 characters'],
    [
      { type: 'string', minLength: 2, maxLength: 9, examples: ['a', 'b'] },
      'a string of 2 to 9 characters such as a or b',
    ],
    [{ type: 'string', enum: ['a', 'b'] }, 'one of a, b'],
    [{ type: 'string', const: 'a' }, '"a"'],
    [{ type: 'array' }, 'an array of values'],
    [{ type: 'array', items: { type: 'string' }, maxItems: 9 }, 'an array of at most 9 strings'],
    [{ type: 'array', items: { type: 'integer' }, minItems: 1 }, 'an array of at least 1 whole numbers'],
    [{ type: 'array', items: { type: 'object' }, minItems: 1, maxItems: 9 }, 'an array of 1 to 9 objects'],
    [{ type: 'object' }, 'an object'],
    [
      { anyOf: [{ type: 'integer' }, { type: 'boolean' }, { type: 'null' }] },
      'a whole number or true or false',
    ],
  ];
  for (const [schema, text] of words) t.equal(describeConstraint(schema), text);
});

t.test('names are similar if few letters differ, ignoring case', async (t) => {
  for (const [a, b, distance] of [
    ['', 'ab', 2],
    ['kitten', 'Sitting', 3],
    ['san', 'SNA', 2],
    ['days', 'day', 1],
  ] as const) {
    t.ok(isSimilar(a, b, distance), `${a} ${b}`);
    t.notOk(isSimilar(a, b, distance - 1), `${a} ${b}`);
  }
});

t.test('a similar name is found, and a very long one takes no time', async (t) => {
  const names = ['subject', 'days', 'is_ca'];
  t.equal(closestName('is_CA', names), 'is_ca');
  t.equal(closestName('sujbect', names), 'subject');
  t.equal(closestName('issuer', names), undefined);
  t.notOk(isSimilar('x'.repeat(10_000_000), 'days', 2));
});

t.test('a value is read in every spelling, and the closest one is found if there is only one', async (t) => {
  const spellings =
    spellingsOf({ enum: ['ml-dsa-65', 'rsa'], 'x-spellings': { 'P-256': ['prime256v1'] } }) ?? {};
  const read = spellingReader(spellings);
  const values: readonly (readonly [text: string, value: string | undefined, closest: string | undefined])[] =
    [
      ['ML_DSA 65', 'ml-dsa-65', 'ml-dsa-65'],
      ['PRIME-256V1', 'P-256', 'P-256'],
      ['p.256', 'P-256', 'P-256'],
      ['ml-dsa-6', undefined, 'ml-dsa-65'],
      ['prime265v1', undefined, 'P-256'],
      ['rsaa', undefined, 'rsa'],
      ['rs', undefined, undefined],
      ['', undefined, undefined],
      ['toString', undefined, undefined],
      ['rsa'.padEnd(65), undefined, undefined],
      ['rsа', undefined, 'rsa'],
    ];
  for (const [text, value, closest] of values) {
    t.equal(read(text), value, text);
    t.equal(closestValue(text, spellings), closest, text);
  }
  t.equal(closestValue('abd', { abc: [], abe: [] }), undefined, 'two are as close');
  t.equal(spellingsOf({ enum: ['rsa'] }), undefined);
});
