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
import { JsonFault, MAX_DEPTH, MAX_MEMBERS } from '../../../plugins/bodies/json-scanner.ts';
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

t.test('invalid JSON is rejected before any of it becomes a string', async (t) => {
  for (const json of [
    '',
    '{',
    '{"key"}',
    '{"key" "a"}',
    '{"key":"a" "b":1}',
    '{"key":"a',
    "{'key':'a'}",
    '{key:"a"}',
    '{"csr":"a"b","key":"a"}',
    '{"key":"a",}',
    '[1,]',
    '{"key":"a"}}',
    '{"key":"a"} x',
    '{"key":"\\x"}',
    '{"key":"\\u12"}',
    '{"key":"\\u12g4"}',
    '{"key":"\\ud83d\\u12"}',
    '{"key":"a\nb"}',
    '{"key":"\0"}',
    '{"\\x":1}',
  ])
    t.throws(
      () => extractSecrets(octets(json), new Set(['key'])),
      { message: 'The body is not valid JSON' },
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
