/** API keys are generated, written to a file, read from it, and looked up. */

import { createHash, timingSafeEqual } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { configuredKey, generateApiKey, idOf } from '../../src/access/api-key.ts';
import { formatKeyLine, KeyFileError, parseKeyFile } from '../../src/access/key-file.ts';
import { createKeyRing } from '../../src/access/key-ring.ts';
import { isScope, SCOPES, V1_SCOPES } from '../../src/access/scopes.ts';

const NOW = new Date('2026-11-24T12:00:00Z');
const PAST = '2026-11-24T11:59:59Z';
const FUTURE = '2026-11-24T12:00:01Z';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const DIGEST = sha256('a key');
const line = (
  id: string,
  { name = 'ci', digest = sha256(id), scopes = 'inspect', notAfter = '' } = {},
): string => [id, name, digest, scopes, notAfter].join(':');

t.test('a scope is one of a closed list', async (t) => {
  for (const scope of [...SCOPES, ...V1_SCOPES]) t.ok(isScope(scope), scope);
  for (const other of ['', 'certs', 'certs:', 'CERTS:ISSUE', 'certs:issue ', 'constructor'])
    t.notOk(isScope(other), `expected no scope, got ${other}`);
});

t.test('a new key has an id and 256 random bits, and only its SHA-256 is stored', async (t) => {
  const made = Array.from({ length: 100 }, () =>
    generateApiKey({ name: 'ci', scopes: ['inspect'], notAfter: undefined }),
  );
  for (const { key, text } of made) {
    t.match(text, new RegExp(`^mld_${key.id}_[A-Za-z0-9_-]{43}$`));
    t.equal(idOf(text), key.id);
    t.equal(Buffer.from(key.digest).toString('hex'), sha256(text));
  }
  t.equal(new Set(made.map(({ text }) => text.slice(-43))).size, made.length);
});

t.test('a file of keys is parsed with every field of each line', async (t) => {
  const text = `# who, what, how long\n\n${line('a1', { scopes: 'certs:issue,certs:issue:ca', notAfter: FUTURE })}\r\n${line('b2', { name: 'Jane D.', digest: DIGEST })}\n`;
  const [first, second, ...others] = parseKeyFile(text, NOW);
  t.match(first, { id: 'a1', name: 'ci', scopes: ['certs:issue', 'certs:issue:ca'] });
  t.equal(first?.notAfter?.getTime(), Date.parse(FUTURE));
  t.match(second, { id: 'b2', name: 'Jane D.', scopes: ['inspect'], notAfter: undefined });
  t.equal(Buffer.from(second?.digest ?? []).toString('hex'), DIGEST);
  t.same(others, []);
  t.same(parseKeyFile('', NOW), []);

  const lines = text.split(/\r?\n/).filter((line) => /^[ab]/.test(line));
  t.same(
    [first, second].map((key) => key && formatKeyLine(key)),
    lines,
    'writing the parsed keys restores the line',
  );
});

t.test('an error in a file names the line number and shows nothing of the line', async (t) => {
  const form = /^line 2 must have the form id:name:sha256:scopes:not_after; /;
  const scopes = /^line 2 must list scopes separated by commas, from keys:generate, /;
  const time = /^line 2 must end with a time such as /;
  const faults: readonly [string, RegExp][] = [
    ['secret', form],
    [`secret:ci:${DIGEST}:inspect`, form],
    [line('secret', { digest: DIGEST.toUpperCase() }), form],
    [line('secret', { digest: DIGEST.slice(1) }), form],
    [line('secret', { digest: '' }), form],
    [line('', {}), form],
    [line('SECRET'), form],
    [line('secret', { name: '' }), form],
    [line('secret', { name: 'a\tb' }), form],
    [line('secret', { scopes: '' }), form],
    [` ${line('secret')}`, form],
    [line('secret', { scopes: 'inspect inspect' }), form],
    [line('secret', { scopes: 'inspect,certs' }), scopes],
    [line('secret', { scopes: 'inspect,' }), scopes],
    [line('secret', { scopes: 'certs:issue:ca:x' }), scopes],
    [line('secret', { notAfter: '2027-01-01' }), time],
    [line('secret', { notAfter: '2027-02-30T00:00:00Z' }), time],
    [line('secret', { notAfter: '2027-01-01T00:00:00+01:00' }), time],
    [line('secret', { notAfter: '9' }), time],
    [line('a1'), /^line 2 must not have the id of an earlier line$/],
  ];
  for (const [fault, message] of faults) {
    const error = catching(() => parseKeyFile(`${line('a1')}\n${fault}\n`, NOW));
    t.ok(error instanceof KeyFileError, fault);
    t.match(error?.message, message, fault);
    t.notMatch(error?.message, /secret/i);
  }
});

t.test('a name has at most two valid keys, so that a new one can replace the old one', async (t) => {
  const ofName = (...ends: string[]): string =>
    ends.map((notAfter, i) => line(`k${i}`, { notAfter })).join('\n');
  t.equal(parseKeyFile(ofName('', FUTURE), NOW).length, 2);
  t.equal(parseKeyFile(ofName(PAST, PAST, '', PAST, FUTURE), NOW).length, 5);
  t.throws(
    () => parseKeyFile(ofName('', PAST, FUTURE, ''), NOW),
    /^line 4 must not be the third valid key of its name/,
  );
  t.equal(parseKeyFile(`${ofName('', '')}\n${line('other', { name: 'cd' })}`, NOW).length, 3);
});

t.test('a key is found by its whole text, until it expires', async (t) => {
  const { key, text } = generateApiKey({ name: 'ci', scopes: ['inspect'], notAfter: new Date(FUTURE) });
  const eternal = generateApiKey({ name: 'ci', scopes: ['admin'], notAfter: undefined });
  let now = NOW;
  const ring = createKeyRing({
    filed: [key, eternal.key],
    configured: [configuredKey(sha256('plain')), configuredKey(sha256('other'))],
    clock: () => now,
  });
  t.match(ring.find(text), { id: `key:${key.id}`, name: 'ci', scopes: new Set(['inspect']) });
  t.match(ring.find(eternal.text), { id: `key:${eternal.key.id}`, scopes: new Set(['admin']) });
  for (const plain of ['plain', 'other']) {
    t.match(ring.find(plain), { name: 'API_KEYS', scopes: new Set(V1_SCOPES) });
  }
  t.not(ring.find('plain')?.id, ring.find('other')?.id);
  const wrong = [
    '',
    'plai',
    'plain ',
    'PLAIN',
    sha256('plain'),
    text.slice(0, -1),
    `${text}a`,
    text.replace(key.id, eternal.key.id),
    text.replace(/.$/, (end) => (end === 'a' ? 'b' : 'a')),
    `mld_00000000_${'a'.repeat(43)}`,
    'x'.repeat(16_000),
  ];
  for (const other of wrong) t.equal(ring.find(other), undefined, other.slice(0, 80));
  now = new Date(FUTURE);
  t.ok(ring.find(text), 'the key is valid in its last second');
  now = new Date(now.getTime() + 1);
  t.equal(ring.find(text), undefined, 'the key is invalid after its last second');
  t.ok(ring.find(eternal.text));
});

t.test('a valid key, an invalid key and an unknown key go through the same comparisons', async (t) => {
  const filed = [1, 2, 3].map(() => generateApiKey({ name: 'ci', scopes: ['inspect'], notAfter: undefined }));
  const compared: number[] = [];
  const ring = createKeyRing({
    filed: filed.map(({ key }) => key),
    configured: ['one', 'two'].map((text) => configuredKey(sha256(text))),
    equal(a, b) {
      compared.push(a.length, b.length);
      return timingSafeEqual(a, b);
    },
  });
  const [{ text } = { text: '' }] = filed;
  const texts = [
    text,
    `${text.slice(0, -1)}!`,
    text.slice(0, 20),
    'one',
    'two',
    'on',
    '',
    `mld_ffffffff_${'a'.repeat(43)}`,
  ];
  for (const text of texts) {
    compared.length = 0;
    ring.find(text);
    t.same(compared, Array(6).fill(32), 'three comparisons of whole digests');
  }
});

t.test('npm run apikey prints a key once, with the line for the file of keys', async (t) => {
  const program = join(import.meta.dirname, '../../scripts/make-api-key.ts');
  const run = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
  const { stdout, status } = run(
    '--name',
    'nightly build',
    '--scopes',
    'certs:issue, inspect',
    '--days',
    '30',
  );
  t.equal(status, 0);
  const [, text = '', , , written = ''] = stdout.split('\n');
  const keys = parseKeyFile(written, new Date());
  t.match(createKeyRing({ filed: keys }).find(text), {
    name: 'nightly build',
    scopes: new Set(['certs:issue', 'inspect']),
  });
  const days = ((keys[0]?.notAfter?.getTime() ?? 0) - Date.now()) / 86_400_000;
  t.ok(days > 29.9 && days <= 30, 'the key expires in thirty days');
  t.notMatch(written, text.slice(-43));

  for (const args of [
    [],
    ['--name', 'a:b'],
    ['--name', 'a', '--days', '0'],
    ['--name', 'a', '--scopes', 'all'],
    ['--nam', 'a'],
  ]) {
    const { stdout, stderr, status } = run(...args);
    t.same([stdout, status], ['', 2]);
    t.match(stderr, /--name NAME/);
  }
});

function catching(task: () => unknown): Error | undefined {
  try {
    task();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return undefined;
}
