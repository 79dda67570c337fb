/** What the routes of stored authorities refuse: requests, callers without a scope, and every one in a service without a store. */

import { join } from 'node:path';
import t from 'tap';
import { makeKey, keyFile } from '../support/api-keys.ts';
import { openPatiently } from '../support/authorities.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t, { DATA_DIR: join(t.testdir(), 'data') }, openPatiently);
const post = poster(app);

const ROOT = '/api/v1/authorities';
const ISSUE = `${ROOT}/issuing/certificates`;
const root = await post(ROOT, { name: 'root', subject: '/CN=Root/O=Example', key_algorithm: 'ml-dsa-44' });
await post(ROOT, {
  name: 'issuing',
  subject: '/CN=Issuing/O=Example',
  parent: 'root',
  path_length: 0,
  key_algorithm: 'ml-dsa-44',
});
const requested = await post('/api/v1/csr/generate', {
  subject: '/CN=a.example',
  security_level: 'ml-dsa-44',
  san: ['DNS:a.example'],
});
const { csr, public_key } = requested.answer;

t.test('the member of other routes for the algorithm has a hint', async (t) => {
  for (const url of [ROOT, ISSUE])
    t.match(
      (await post(url, { subject: '/CN=a', security_level: 'ml-dsa-44' })).answer.detail,
      /did you mean `key_algorithm`\?/,
    );
});

/** Beside each refusal: the status, the code and the member. */
const REFUSALS: readonly (readonly [
  url: string,
  body: object,
  status: number,
  code: string,
  pointer?: string,
])[] = [
  [`${ROOT}/nobody/certificates`, { csr }, 404, 'unknown-authority'],
  [`${ROOT}/00000000-0000-4000-8000-000000000000/certificates`, { csr }, 404, 'unknown-authority'],
  [ISSUE, {}, 400, 'invalid-subject', '/subject'],
  [ISSUE, { csr, subject: '/CN=b' }, 400, 'invalid-order', '/subject'],
  [ISSUE, { csr, public_key }, 400, 'invalid-order', '/public_key'],
  [ISSUE, { csr, key_algorithm: 'ml-dsa-44' }, 400, 'invalid-order', '/key_algorithm'],
  [ISSUE, { public_key, subject: '/CN=b', key_format: 'seed' }, 400, 'invalid-order', '/key_format'],
  [ISSUE, { renew: root.answer.id, csr }, 400, 'invalid-order', '/csr'],
  [ISSUE, { renew: root.answer.id, rekey: root.answer.id }, 400, 'invalid-order', '/rekey'],
  [ISSUE, { rekey: root.answer.id, san: ['DNS:b'] }, 400, 'invalid-order', '/san'],
  [ISSUE, { renew: root.answer.id, profile: 'tls' }, 400, 'invalid-order', '/profile'],
  [ISSUE, { renew: root.answer.id }, 404, 'unknown-certificate', '/renew'],
  [ISSUE, { rekey: root.answer.id }, 404, 'unknown-certificate', '/rekey'],
  [ISSUE, { renew: '1' }, 400, 'invalid-request', '/renew'],
  [ISSUE, { csr, serial_number: '01' }, 400, 'invalid-request', '/serial_number'],
  [ISSUE, { csr, issuer: '/CN=Other' }, 400, 'invalid-request', '/issuer'],
  [ISSUE, { csr, profile: 'no-such-profile' }, 400, 'invalid-profile', '/profile'],
  [ISSUE, { csr, profile: 'tls', is_ca: true }, 400, 'invalid-profile', '/profile'],
  [ISSUE, { csr, profile: 'ca' }, 400, 'path-length-exceeded', '/profile'],
  [ISSUE, { csr, is_ca: true }, 400, 'path-length-exceeded', '/is_ca'],
  [ISSUE, { csr, days: 7300 }, 400, 'exceeds-issuer', '/days'],
  [ISSUE, { csr, validity: 'PT1M' }, 400, 'invalid-validity', '/validity'],
  [ISSUE, { csr: public_key }, 400, 'invalid-encoding', '/csr'],
  [ISSUE, { public_key: csr, subject: '/CN=b' }, 400, 'invalid-encoding', '/public_key'],
  [ISSUE, { csr, key_usage: ['keyCertSign'] }, 400, 'invalid-extension', '/key_usage/0'],
  [ROOT, { name: 'root', subject: '/CN=b' }, 409, 'authority-name-taken', '/name'],
  [ROOT, { name: 'a b', subject: '/CN=b' }, 400, 'invalid-request', '/name'],
  [ROOT, { name: root.answer.id, subject: '/CN=b' }, 400, 'invalid-authority', '/name'],
  [ROOT, { name: 'new', subject: '/' }, 400, 'invalid-subject', '/subject'],
  [ROOT, { name: 'new', subject: '/CN=b', parent: 'nobody' }, 404, 'unknown-authority', '/parent'],
  [
    ROOT,
    { name: 'new', subject: '/CN=b', parent: 'root', signed_elsewhere: true },
    400,
    'invalid-authority',
    '/parent',
  ],
  [
    ROOT,
    { name: 'new', subject: '/CN=b', signed_elsewhere: true, days: 3 },
    400,
    'invalid-validity',
    '/days',
  ],
  [ROOT, { name: 'new', subject: '/CN=b', parent: 'issuing' }, 400, 'path-length-exceeded', '/parent'],
  [ROOT, { name: 'new', subject: '/CN=b', key_algorithm: 'dsa' }, 400, 'invalid-request', '/key_algorithm'],
  [
    `${ROOT}/root/rotate`,
    { key_algorithm: 'ml-dsa-44', signed_elsewhere: true, days: 3 },
    400,
    'invalid-validity',
    '/days',
  ],
  [`${ROOT}/nobody/rotate`, {}, 404, 'unknown-authority'],
  [`${ROOT}/root/certificate`, { certificate: root.answer.keys[0].certificate }, 400, 'invalid-authority'],
  [`${ROOT}/nobody/disable`, {}, 404, 'unknown-authority'],
  [
    `${ROOT}/import`,
    { name: 'new', certificate: root.answer.keys[0].certificate, private_key: requested.answer.private_key },
    400,
    'key-mismatch',
    '/private_key',
  ],
  [
    `${ROOT}/import`,
    { name: 'new', certificate: root.answer.keys[0].certificate, private_key: 'AAAA' },
    400,
    'invalid-encoding',
    '/private_key',
  ],
];

t.test('a refusal names the member', async (t) => {
  for (const [url, body, status, code, pointer] of REFUSALS) {
    const { statusCode, answer } = await post(url, body);
    const title = `${url} ${JSON.stringify(body).slice(0, 60)}`;
    t.equal(statusCode, status, title);
    t.equal(answer.code, code, title);
    t.equal(answer.errors?.[0]?.pointer, pointer, title);
  }
  t.equal((await app.inject(`${ROOT}/nobody`)).statusCode, 404);
  t.same((await app.inject(`${ROOT}/issuing/reservations`)).json(), { reservations: [] });
});

t.test('a service without a store says how to get one', async (t) => {
  const bare = await startApp(t);
  for (const [method, url] of [
    ['GET', ROOT],
    ['GET', `${ROOT}/root`],
    ['POST', ROOT],
    ['POST', ISSUE],
  ] as const) {
    const reply = await bare.inject({
      method,
      url,
      ...(method === 'POST' && { payload: url === ROOT ? { name: 'a', subject: '/CN=a' } : { csr } }),
    });
    t.equal(reply.statusCode, 503, `${method} ${url}`);
    t.match(reply.json(), { code: 'store-unavailable', detail: /set DATA_DIR or DATABASE_URL/ });
    t.ok(reply.headers['retry-after']);
  }
  t.equal((await bare.inject('/readyz')).statusCode, 200, 'the stateless routes work');
});

t.test('production makes no authority without the key of the operator', async (t) => {
  const folder = join(t.testdir(), 'data');
  const production = await startApp(
    t,
    { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true', DATA_DIR: folder },
    openPatiently,
  );
  const reply = await production.inject({
    method: 'POST',
    url: ROOT,
    payload: { name: 'a', subject: '/CN=a' },
  });
  t.equal(reply.statusCode, 503);
  t.match(reply.json(), { code: 'key-unavailable', detail: /set KEY_ENCRYPTION_KEY_FILE/ });
  t.same((await production.inject(ROOT)).json(), { authorities: [] });
});

t.test('each route needs its scope', async (t) => {
  const [manager, issuer, reader, other] = [
    makeKey(['authorities:manage', 'certs:read'], { name: 'manager' }),
    makeKey(['certs:issue'], { name: 'issuer' }),
    makeKey(['certs:read'], { name: 'reader' }),
    makeKey(['certs:issue', 'certs:issue:ca'], { name: 'other' }),
  ];
  const { path } = keyFile(t, manager.key, issuer.key, reader.key, other.key);
  const guarded = await startApp(t, { API_KEYS_FILE: path, DATA_DIR: `${path}.data` }, openPatiently);
  const ask = async (key: { readonly text: string }, method: 'GET' | 'POST', url: string, payload?: object) =>
    guarded.inject({ method, url, headers: { 'x-api-key': key.text }, ...(payload && { payload }) });
  const body = { name: 'root', subject: '/CN=Root', key_algorithm: 'ml-dsa-44' };
  t.equal((await ask(manager, 'POST', ROOT, body)).statusCode, 201);
  const certificates = `${ROOT}/root/certificates`;
  const rows: readonly (readonly [
    { readonly text: string },
    'GET' | 'POST',
    string,
    object | undefined,
    number,
  ])[] = [
    [issuer, 'POST', ROOT, body, 403],
    [reader, 'POST', `${ROOT}/root/disable`, {}, 403],
    [reader, 'POST', `${ROOT}/root/rotate`, {}, 403],
    [reader, 'GET', `${ROOT}/root/reservations`, undefined, 403],
    [issuer, 'GET', ROOT, undefined, 403],
    [reader, 'GET', `${ROOT}/root/chain`, undefined, 200],
    [manager, 'POST', certificates, { csr }, 403],
    [issuer, 'POST', certificates, { csr }, 201],
    [issuer, 'POST', certificates, { csr, profile: 'ca' }, 403],
    [issuer, 'POST', certificates, { csr, is_ca: true, dry_run: true }, 403],
    [other, 'POST', certificates, { csr, profile: 'ca' }, 201],
  ];
  for (const [key, method, url, payload, status] of rows)
    t.equal((await ask(key, method, url, payload)).statusCode, status, `${method} ${url} ${status}`);

  const { id } = (await ask(issuer, 'POST', certificates, { csr })).json();
  const unknown = await ask(other, 'POST', certificates, { renew: id });
  const absent = await ask(other, 'POST', certificates, { renew: root.answer.id });
  const asked = { ...absent.json(), instance: unknown.json().instance };
  t.same(unknown.json(), asked, 'a certificate of another caller does not exist');
  t.equal((await ask(issuer, 'POST', certificates, { renew: id })).statusCode, 201);
});
