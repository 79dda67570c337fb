/** Whatever the service answers, it answers over either protocol. */

import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { openDomain } from '../../support/domain.ts';
import { asking, type Answer, type Wish } from '../../support/protocols.ts';
import { startApp } from '../../support/service.ts';
import { identityOf, tlsVariables } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

const KEY = 'k'.repeat(32);

async function start(t: Test, environment: Readonly<Record<string, string>> = {}) {
  const folder = t.testdir({ ...own });
  const app = await startApp(t, { ...tlsVariables(folder), DOCS_ENABLED: 'true', ...environment });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { app, ask: asking(t, port, { ca: own.cert }) };
}

/** Those that say something of the connection, or of the moment. */
const OF_THE_MOMENT = new Set(['connection', 'keep-alive', 'date', 'x-request-id', 'transfer-encoding']);

/** What must be the same. Of a value that is made anew for each request only its type counts. */
const comparable = ({ status, headers, body }: Answer) => ({
  status,
  headers: Object.entries(headers)
    .filter(([name]) => !OF_THE_MOMENT.has(name) && name !== 'content-length')
    .toSorted(([a], [b]) => a.localeCompare(b)),
  body:
    body !== '' && String(headers['content-type']).includes('json') ? shape(JSON.parse(body)) : body !== '',
});

const shape = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shape(member)]));
};

const post = (path: string, body: object | string, type = 'application/json'): Wish => ({
  method: 'POST',
  path,
  headers: { 'content-type': type },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

const SUBJECT = { subject: '/CN=example.com', security_level: 'ml-dsa-44' };

const WITHOUT_STORE = [
  '/api/v1/audit',
  '/api/v1/audit/checkpoints',
  '/api/v1/audit/head',
  '/api/v1/audit/key',
  '/api/v1/authorities',
  '/api/v1/authorities/{authority}',
  '/api/v1/authorities/{authority}/certificate',
  '/api/v1/authorities/{authority}/chain',
  '/api/v1/authorities/{authority}/crl',
  '/api/v1/authorities/{authority}/reservations',
  '/api/v1/certificates',
  '/api/v1/certificates/expiring',
  '/api/v1/certificates/export',
  '/api/v1/certificates/{id}',
  '/api/v1/certificates/{id}/renewal',
  '/api/v1/profiles',
  '/api/v1/webhooks/dead-letters',
];

const WISHES: readonly (readonly [status: number, wish: Wish])[] = [
  [200, { path: '/health' }],
  [200, { path: '/livez' }],
  [200, { path: '/readyz' }],
  [200, { path: '/startupz' }],
  [200, { path: '/metrics' }],
  [200, { path: '/api/v1/info' }],
  [200, { path: '/api/v1/info', method: 'HEAD' }],
  [200, { path: '/docs/json' }],
  [404, { path: '/crl/{file}' }],
  [404, { path: '/issuers/{file}' }],
  [404, { path: '/ocsp/{rest}' }],
  [404, post('/ocsp', '0', 'application/ocsp-request')],
  [415, post('/ocsp', {})],
  [200, { path: '/api/v1/profiles/schema' }],
  [200, post('/api/v1/keys/generate', { security_level: 'ml-dsa-44' })],
  [200, { method: 'POST', path: '/api/v1/keys/generate' }],
  [200, post('/api/v1/certificate/generate', SUBJECT)],
  [200, post('/api/v1/certificate/hybrid', { ...SUBJECT, classical_algorithm: 'ecdsa' })],
  [200, post('/api/v1/csr/generate', SUBJECT)],
  [200, post('/api/v1/csr/hybrid', { ...SUBJECT, classical_algorithm: 'ecdsa' })],
  [400, post('/api/v1/certificate/inspect', { certificate: 'bm9uZQ==' })],
  [400, post('/api/v1/certificate/verify', { certificate: 'bm9uZQ==', anchors: ['bm9uZQ=='] })],
  [400, post('/api/v1/csr/inspect', { csr: 'bm9uZQ==' })],
  [400, post('/api/v1/keys/inspect', { key: 'bm9uZQ==' })],
  [400, post('/api/v1/crl/inspect', { crl: 'bm9uZQ==' })],
  [400, post('/api/v1/keys/match', { csr: 'bm9uZQ==' })],
  [200, post('/api/v1/identify', { data: 'bm9uZQ==' })],
  [400, post('/api/v1/lint', { data: 'bm9uZQ==' })],
  [200, { path: '/api/v1/lint/rules' }],
  [400, post('/api/v1/keys/convert', { key: 'bm9uZQ==' })],
  [400, post('/api/v1/bundle', { format: 'zip', certificate: 'bm9uZQ==' })],
  [400, post('/api/v1/csr/sign', { csr: 'bm9uZQ==' })],
  [400, post('/api/v1/certificate/generate', { ...SUBJECT, days: 0 })],
  [400, post('/api/v1/certificate/generate', '{"subject":')],
  [400, { path: '/%zz' }],
  [404, { path: '/nowhere' }],
  [204, { path: '*', method: 'OPTIONS' }],
  [405, { path: '/health', method: 'PUT' }],
  [405, { path: '/health', method: 'TRACE' }],
  [413, post('/api/v1/keys/generate', `{"security_level":"${'x'.repeat(300_000)}"}`)],
  [415, post('/api/v1/keys/generate', 'security_level=ml-dsa-44', 'application/x-www-form-urlencoded')],
  [
    415,
    {
      ...post('/api/v1/keys/generate', {}),
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    },
  ],
  [
    417,
    { ...post('/api/v1/keys/generate', {}), headers: { 'content-type': 'application/json', expect: 'tea' } },
  ],
  [
    431,
    { path: '/health', headers: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`x-${i}`, '1'])) },
  ],
  [
    204,
    {
      path: '/api/v1/info',
      method: 'OPTIONS',
      headers: { origin: 'https://app.example.com', 'access-control-request-method': 'GET' },
    },
  ],
  [200, { path: '/api/v1/info', headers: { origin: 'https://app.example.com' } }],
  [200, { path: '/api/v1/info', headers: { origin: 'https://evil.example.com' } }],
  // This service has no store.
  ...WITHOUT_STORE.map((path): readonly [number, Wish] => [503, { path }]),
  [400, { path: '/api/v1/profiles/{name}' }],
  [400, { path: '/api/v1/profiles/{name}/versions' }],
  [503, post('/api/v1/authorities/{authority}/disable', {})],
  [503, post('/api/v1/authorities/{authority}/enable', {})],
  [503, post('/api/v1/authorities/{authority}/certificates', { subject: '/CN=example.com' })],
  [503, post('/api/v1/certificates/{id}/revoke', { reason: 'superseded' })],
  [503, post('/api/v1/certificates/{id}/release', {})],
  [503, post('/api/v1/webhooks/dead-letters/{id}/retry', {})],
  [503, post('/api/v1/authorities/{authority}/revoke', { reason: 'superseded', serial: '01' })],
  [503, post('/api/v1/authorities/{authority}/certificate/revoke', { reason: 'superseded' })],
  [400, post('/api/v1/authorities/import', {})],
  [400, post('/api/v1/authorities/{authority}/rotate', { days: 0 })],
  [400, { ...post('/api/v1/authorities/{authority}/profiles', {}), method: 'PUT' }],
];

t.test('every route and every refusal is the same', async (t) => {
  const { app, ask } = await start(t, { CORS_ORIGINS: 'https://app.example.com' });
  for (const [status, wish] of WISHES) {
    const name = `${wish.method ?? 'GET'} ${wish.path} ${status}`;
    const [first, second] = [await ask['http/1.1'](wish), await ask.h2(wish)];
    t.equal(second.status, status, name);
    t.same(comparable(second), comparable(first), name);
    for (const field of ['connection', 'keep-alive', 'transfer-encoding']) {
      t.notOk(Object.hasOwn(second.headers, field), `${name}: no ${field}`);
    }
  }
  const asked = new Set(WISHES.map(([, { path }]) => path));
  const routes = Object.keys(app.swagger().paths ?? {});
  t.same(
    routes.filter((path) => !asked.has(path)),
    [],
    'no route was left out',
  );
});

t.test('callers without permission get the same errors', async (t) => {
  const { ask } = await start(t, { API_KEYS: KEY });
  const tries: readonly (readonly [status: number, headers: Readonly<Record<string, string>>])[] = [
    [401, {}],
    [401, { 'x-api-key': 'x'.repeat(32) }],
    [400, { 'x-api-key': KEY, authorization: `Bearer ${KEY}` }],
    [200, { 'x-api-key': KEY }],
    [200, { authorization: `Bearer ${KEY}` }],
  ];
  for (const [status, headers] of tries) {
    const wish: Wish = { path: '/metrics', headers };
    const [first, second] = [await ask['http/1.1'](wish), await ask.h2(wish)];
    t.equal(second.status, status);
    t.same(comparable(second), comparable(first));
  }
});
