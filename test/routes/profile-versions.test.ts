/** The documents of stored profiles over HTTP: versions, lost updates, the schema and documents that are refused. */

import { join } from 'node:path';
import t from 'tap';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { keyFile, makeKey } from '../support/api-keys.ts';
import { openPatiently } from '../support/authorities.ts';
import { startApp } from '../support/service.ts';
import { CONTENT_ROWS } from './policy/content-rows.ts';
import { NAME_ROWS } from './policy/name-rows.ts';

const reader = makeKey(['certs:read', 'authorities:manage', 'certs:issue'], { name: 'reader' });
const operator = makeKey(['certs:read', 'profiles:manage'], { name: 'operator' });
const keys = keyFile(t, reader.key, operator.key);
const app = await startApp(
  t,
  { DATA_DIR: join(t.testdirName, 'data'), API_KEYS_FILE: keys.path },
  openPatiently,
);

const put = async (
  name: string,
  payload: object,
  headers: Readonly<Record<string, string>> = {},
  text = operator.text,
) => {
  const reply = await app.inject({
    method: 'PUT',
    url: `/api/v1/profiles/${name}`,
    payload,
    headers: { 'x-api-key': text, ...headers },
  });
  return { status: reply.statusCode, headers: reply.headers, answer: reply.json() };
};
const get = async (url: string) => {
  const reply = await app.inject({ url: `/api/v1/profiles${url}`, headers: { 'x-api-key': reader.text } });
  return { status: reply.statusCode, headers: reply.headers, answer: reply.json() };
};

t.test('to write needs a scope of its own', async (t) => {
  const refused = await put('scoped', { extends: 'tls' }, {}, reader.text);
  t.match(refused, { status: 403, answer: { code: 'forbidden', detail: /profiles:manage/ } });
  t.equal((await get('/scoped')).status, 404);
  const written = await put('scoped', { extends: 'tls' });
  t.match(written, {
    status: 201,
    headers: { etag: '"1"', location: '/api/v1/profiles/scoped' },
    answer: { created_by: `key:${operator.key.id}` },
  });
});

t.test('versions are only added, and no update is lost', async (t) => {
  const [first, same] = await Promise.all([put('race', { extends: 'tls' }), put('race', { extends: 'ca' })]);
  const [created, loser = 0] = [first.status, same.status].toSorted((a, b) => a - b);
  t.equal(created, 201, 'one of two creations');
  t.ok([412, 428].includes(loser), 'the other one is refused before or after its read');
  t.equal((await put('race', { extends: 'tls' })).status, 428);
  t.equal((await put('absent', { extends: 'tls' }, { 'if-match': '"1"' })).status, 412);
  const writes = await Promise.all(
    [1, 2, 3, 4].map((days) =>
      put('race', { extends: 'tls', validity: { maximum: `P${days}D` } }, { 'if-match': '"1"' }),
    ),
  );
  t.same(
    writes.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 412, 412, 412],
  );
  const winner = writes.find(({ status }) => status === 200);
  t.equal(winner?.headers.etag, '"2"');
  t.equal((await put('race', { extends: 'tls' }, { 'if-match': '"1"' })).status, 412, 'an old version');
  t.equal((await put('race', { extends: 'tls' }, { 'if-match': '"2"' })).status, 200);
  const { answer, headers } = await get('/race');
  t.equal(headers.etag, '"3"');
  t.match(answer, { version: 3, built_in: false, created_by: `key:${operator.key.id}` });
  t.same((await get('/race?version=2')).answer, winner?.answer);
  t.equal((await get('/race?version=4')).status, 404);
  const versions = await get('/race/versions?limit=2');
  t.match(versions.answer, { versions: [{ version: 3 }, { version: 2 }], next: 2 });
  const rest = await get('/race/versions?before=2');
  t.match(rest.answer, { versions: [{ version: 1 }] });
  t.notOk('next' in rest.answer, 'the last page has no next');
});

t.test('built-in profiles are listed and cannot be written', async (t) => {
  const { answer } = await get('?limit=1');
  const builtIn = answer.profiles.filter((profile: { built_in: boolean }) => profile.built_in);
  t.equal(builtIn.length, 12);
  t.match(builtIn[0], {
    name: 'tls',
    version: 1,
    effective: {
      extended_key_usage: ['serverAuth', 'clientAuth'],
      validity: { default: 'P365D', maximum: 'P7300D' },
    },
  });
  t.equal(answer.profiles.length, 13);
  const next = await get(`?limit=100&after=${answer.next}`);
  t.notOk(
    next.answer.profiles.some((profile: { built_in: boolean }) => profile.built_in),
    'the second page has no built-in profile',
  );
  t.notOk('next' in next.answer, 'the last page has no next');
  for (const name of ['tls', 'TLS', 'custom', 'end-entity', 'schema'])
    t.match(await put(name, { extends: 'tls' }), { status: 409, answer: { code: 'profile-name-reserved' } });
});

t.test('the published schema accepts what the service accepts', async (t) => {
  const { answer, headers } = await get('/schema');
  t.match(headers['content-type'], /^application\/schema\+json/);
  const validate = new Ajv2020({ strict: false, logger: false }).compile(answer);
  for (const { document } of Object.values({ ...NAME_ROWS, ...CONTENT_ROWS }))
    t.ok(validate({ extends: 'tls', ...document }));
  for (const document of [{}, { extends: 'tlss' }, { extends: 'tls', enable: true }]) {
    t.notOk(validate(document), JSON.stringify(document));
    t.match(await put('bad', document), { status: 400, answer: { code: 'invalid-request' } });
  }
});

const INVALID: readonly (readonly [pointer: string, document: object, message: RegExp])[] = [
  ['/extended_key_usage', { extended_key_usage: ['serverAuth'] }, /has its own usages; extend custom or ca/],
  ['/key_usage/0', { extends: 'custom', key_usage: ['keyCertSign'] }, /allowed in CA certificates only/],
  ['/extended_key_usage/0', { extends: 'custom', extended_key_usage: ['nonsense'] }, /is unknown/],
  [
    '/extended_key_usage/0',
    { extends: 'custom', extended_key_usage: ['OCSPSigning'] },
    /ocsp-responder only/,
  ],
  ['/validity/maximum', { validity: { maximum: 'P1.5D' } }, /duration of ISO 8601/],
  ['/validity/default', { validity: { default: 'P2D', maximum: 'P1D' } }, /must not be longer/],
  ['/validity/maximum', { validity: { maximum: 'PT4M59S' } }, /at least PT5M/],
  ['/callers/1', { callers: ['key:1a2b3c4d', '1a2b3c4d'] }, /begin with key:, token: or certificate:/],
  ['/names/minimum', { names: { minimum: 2, maximum: 1 } }, /not be greater than the maximum/],
  ['/names/uri/deny/0', { names: { uri: { deny: ['https://a.example/b*'] } } }, /whole segment/],
  ['/names/dns/allow/1', { names: { dns: { allow: ['a.example', 'a.*.example'] } } }, /wildcard/],
  ['/names/ip/deny/0', { names: { ip: { deny: ['10.0.0.1/8'] } } }, /no bits beyond it/],
  ['/names/email/allow/0', { names: { email: { allow: ['example.com'] } } }, /the form \*@example\.com/],
  ['/names/uri/allow/0', { names: { uri: { allow: ['https://a*.example/'] } } }, /wildcard/],
  ['/subject/attributes/Nope', { subject: { attributes: { Nope: {} } } }, /is unknown/],
  ['/subject/attributes/commonName', { subject: { attributes: { CN: {}, commonName: {} } } }, /two rules/],
  ['/subject/attributes/C/fixed', { subject: { attributes: { C: { fixed: 'Germany' } } } }, /must/],
  [
    '/subject/attributes/O',
    { subject: { attributes: { O: { fixed: 'a', values: ['a'] } } } },
    /no other rule/,
  ],
  ['/extensions/ocsp/0', { extensions: { ocsp: ['ftp://a.example/'] } }, /http/],
  [
    '/extensions/must_staple',
    { extends: 'tls-client', extensions: { must_staple: true } },
    /TLS servers only/,
  ],
  ['/narrow', { extends: 'tls-client', narrow: ['cabf-tls'] }, /leaves no usage/],
];

t.test('a document that cannot work is refused at its member', async (t) => {
  for (const [pointer, document, message] of INVALID) {
    const { status, answer } = await put('invalid', { extends: 'tls', ...document });
    t.equal(status, 400, `${pointer}: ${JSON.stringify(answer)}`);
    t.equal(answer.errors[0].pointer, pointer);
    t.match(answer.errors[0].message, message);
  }
  t.equal((await get('/invalid')).status, 404);
});
