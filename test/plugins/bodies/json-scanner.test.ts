/** Properties of the body parser: it returns what JSON.parse returns, except for secret members, which are bytes. */

import {
  anything,
  array,
  assert,
  boolean,
  constantFrom,
  dictionary,
  double,
  integer,
  letrec,
  oneof,
  option,
  property,
  string,
  type Arbitrary,
} from 'fast-check';
import t from 'tap';
import { JsonFault } from '../../../src/base/json/fault.ts';
import { MAX_DEPTH, MAX_MEMBERS } from '../../../src/base/json/scanner.ts';
import { extractSecrets } from '../../../plugins/bodies/secret-members.ts';

/** More characters than PEM has: surrogate pairs, and lone surrogates. */
const text = oneof(
  string({ unit: 'binary' }),
  string({ unit: constantFrom('-', '\n', '\r', '"', '\\', '/', '\0', 'é', '€', '😀', '\ud83d', '\ude00') }),
);
const name = oneof(string({ maxLength: 8 }), constantFrom('key', 'other', 'a')).filter(
  (name) => !['__proto__', 'constructor'].includes(name),
);
const { value } = letrec((tie) => ({
  value: oneof(
    { depthSize: 'small', maxDepth: MAX_DEPTH - 2 },
    text,
    integer(),
    double({ noNaN: true, noDefaultInfinity: true }),
    boolean(),
    constantFrom(null),
    array(tie('value'), { maxLength: 5 }),
    dictionary(name, tie('value'), { maxKeys: 5 }),
  ),
}));
const body = dictionary(name, value as Arbitrary<unknown>, { maxKeys: 6 });

/** Every way to write a character in a JSON string (RFC 8259 §7). */
const escaped = (literal: string, how: readonly number[]): string =>
  Array.from({ length: literal.length }, (_, i) => {
    const unit = literal.charCodeAt(i);
    const hex = unit.toString(16).padStart(4, '0');
    const isSurrogate = unit >= 0xd800 && unit <= 0xdfff;
    switch ((how[i % Math.max(how.length, 1)] ?? 0) % 3) {
      case 1:
        return `\\u${hex}`;
      case 2:
        return `\\u${hex.toUpperCase()}`;
      default:
        return isSurrogate
          ? `\\u${hex}`
          : literal[i] === '/'
            ? '\\/'
            : JSON.stringify(literal[i]).slice(1, -1);
    }
  }).join('');

const octets = (text: string): Buffer => Buffer.from(text);

t.test('members that are not secret equal those of JSON.parse, with any white space', async () => {
  assert(
    property(body, option(constantFrom('\t', '\n', ' ')), (body, space) => {
      const json = octets(JSON.stringify(body, undefined, space ?? undefined));
      const before = json.toString();
      const secrets = extractSecrets(json, new Set());
      return secrets.size === 0 && json.toString() === before;
    }),
  );
});

t.test('a secret member is bytes, and its placeholder has the same number of characters', async (t) => {
  assert(
    property(body, text, array(integer({ min: 0, max: 5 }), { maxLength: 7 }), (others, secret, how) => {
      const { key: _, ...rest } = others;
      const entries = Object.entries(rest).map(
        ([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`,
      );
      const at = (how[0] ?? 0) % (entries.length + 1);
      const json = octets(
        `{${entries.toSpliced(at, 0, `"k\\u0065y" : "${escaped(secret, how)}"`).join(',')}}`,
      );
      const secrets = extractSecrets(json, new Set(['key', 'none']));
      t.same([...secrets.keys()], ['key']);
      t.same(Buffer.from(secrets.get('key') ?? ''), octets(secret));
      const { key, ...read } = JSON.parse(json.toString());
      t.same(read, JSON.parse(JSON.stringify(rest)));
      // Ajv counts characters, not units of UTF-16
      t.equal(key, '*'.repeat(Array.from(secret).length));
      return true;
    }),
    { numRuns: 300 },
  );
});

t.test('a text is accepted exactly if JSON.parse accepts it', async () => {
  const piece = constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    '\\',
    ':',
    ',',
    '"a"',
    '"key":',
    ' ',
    '1',
    '-',
    '.',
    'null',
    'é',
    '\n',
  );
  const oddities = array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  assert(
    property(
      oneof(
        oddities,
        anything().map((value) => JSON.stringify(value) ?? ''),
      ),
      (json) => {
        const parsed = outcome(() => JSON.parse(octets(json).toString()));
        const read = outcome(() => {
          const bytes = octets(json);
          extractSecrets(bytes, new Set(['key']));
          return JSON.parse(bytes.toString());
        });
        return read.fails === parsed.fails || read.isOurs;
      },
    ),
    { numRuns: 2000 },
  );
});

/** Whether it is rejected, and whether by a rule that JSON.parse does not have. */
function outcome(task: () => unknown): { readonly fails: boolean; readonly isOurs: boolean } {
  try {
    task();
    return { fails: false, isOurs: false };
  } catch (error) {
    return { fails: true, isOurs: error instanceof JsonFault && !error.message.includes('not valid JSON') };
  }
}

t.test('a text that is not JSON is rejected before any of it becomes a string, with its place', async (t) => {
  const rejected: readonly [string, string][] = [
    ['', 'a value at line 1, column 1, where the body ends'],
    ['{', 'a member name in double quotes at line 1, column 2, where the body ends'],
    ['{"key"}', '`:` at line 1, column 7'],
    ['{"key" "a"}', '`:` at line 1, column 8'],
    ['{"key":"a" "b":1}', '`,` or `}` at line 1, column 12'],
    ['{"key":"a', 'a closing quotation mark at line 1, column 10, where the body ends'],
    ["{'key':'a'}", 'a member name in double quotes at line 1, column 2'],
    ['{key:"a"}', 'a member name in double quotes at line 1, column 2'],
    ['{"key":\'a\'}', 'a string in double quotes at line 1, column 8'],
    ['{"csr":"a"b","key":"a"}', '`,` or `}` at line 1, column 11'],
    ['{"key":"a",}', 'another member after the comma at line 1, column 12'],
    ['{\n  "key": "a"\n  "b": 1\n}', '`,` or `}` at line 3, column 3'],
    ['{\r\n\r\n  "é€😀" 1}', '`:` at line 3, column 9'],
    ['[1,]', 'a value at line 1, column 4'],
    ['[1 2]', '`,` or `]` at line 1, column 4'],
    ['{"key":"a"}}', 'the end of the body at line 1, column 12'],
    ['{"key":"a"} x', 'the end of the body at line 1, column 13'],
    ['{"key":"\\x"}', 'a valid escape at line 1, column 9'],
    ['{"key":"\\u12"}', 'a valid escape at line 1, column 9'],
    ['{"key":"\\u12g4"}', 'a valid escape at line 1, column 9'],
    ['{"key":"\\ud83d\\u12"}', 'a valid escape at line 1, column 15'],
    ['{"key":"\\', 'a valid escape at line 1, column 9'],
    ['{"key":"a\nb"}', 'an escape such as \\n in place of a line break in a string at line 1, column 10'],
    ['{"key":"\0"}', 'an escape in place of a control character at line 1, column 9'],
    ['{"\\x":1}', 'a valid escape at line 1, column 3'],
    ...['undefined', 'NaN', 'True', 'None', 'nul'].map((word): [string, string] => [
      `{"a":${word}}`,
      'a string in double quotes, a number, true, false or null at line 1, column 6',
    ]),
    ...['01', '.5', '1.', '1e', '+1', '-', '0x1'].map((word): [string, string] => [
      `{"a":${word}}`,
      'a value at line 1, column 6',
    ]),
  ];
  for (const [json, place] of rejected)
    t.throws(
      () => extractSecrets(octets(json), new Set(['key'])),
      { name: 'Error', message: `The body is not valid JSON: expected ${place}` },
      json,
    );
});

t.test('only string members of the outermost object are secret', async (t) => {
  for (const json of [
    '{"key":1}',
    '{"key":["a"]}',
    '{"a":{"key":"b"}}',
    '[{"key":"a"}]',
    '"key"',
    '{"a":"key"}',
  ]) {
    const bytes = octets(json);
    t.equal(extractSecrets(bytes, new Set(['key'])).size, 0, json);
    t.equal(bytes.toString(), json);
  }
});

t.test('a hostile body of maximum length is parsed', async (t) => {
  const fill = (piece: string, head: string, tail: string): Buffer =>
    octets(head + piece.repeat(Math.floor((262_144 - head.length - tail.length) / piece.length)) + tail);
  const names = Array.from({ length: MAX_MEMBERS }, (_, i) => `"${i}":0`).join(',');
  for (const [what, json] of Object.entries({
    'escaped quotes': fill('\\"', '{"key":"', '"}'),
    escapes: fill('\\n', '{"key":"', '"}'),
    units: fill('\\u00e9', '{"key":"', '"}'),
    pairs: fill('\\ud83d\\ude00', '{"key":"', '"}'),
    'escaped names': fill('{"\\u0061":0},', '[', '0]'),
    names: fill('{"a":0},', '[', '0]'),
    objects: fill(`{${names}},`, '[', '0]'),
    arrays: fill('[],', '[', '0]'),
    numbers: fill('0,', '[', '0]'),
    space: fill(' ', '[', ']'),
    nesting: fill(`${'['.repeat(15)}${']'.repeat(15)},`, '[', '0]'),
  })) {
    t.same(extractSecrets(json, new Set(['none'])), new Map(), what);
  }
});

t.test('an object can be secret, and is its text', async (t) => {
  const json = octets('{"key": {"d": "\\u0041", "list": [{}]} , "other": {"a": 1}}');
  const secrets = extractSecrets(json, new Set(['key', 'other']), new Set(['key']));
  t.strictSame([...secrets.keys()], ['key']);
  t.equal(Buffer.from(secrets.get('key') ?? []).toString(), '{"d": "\\u0041", "list": [{}]}');
  const { key, other } = JSON.parse(Buffer.from(json).toString());
  t.match(key, /^\*+$/);
  t.strictSame(other, { a: 1 });
});
