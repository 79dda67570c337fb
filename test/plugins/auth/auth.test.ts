/** Authentication and scopes of every route, and the replies to requests without them. */

import type { FastifyRequest, InjectOptions } from 'fastify';
import t from 'tap';
import { SCOPES, type Scope } from '../../../src/access/scopes.ts';
import { printConfig } from '../../../src/config/print.ts';
import { keyFile, makeKey } from '../../support/api-keys.ts';
import { buildEdge } from '../../support/edge.ts';

const KEY = 'mld_canary_0123456789abcdef0123456789abcdef';

/** The cheapest route with a scope. The domain behind it does nothing, so 500 means that the request passed. */
const ask = (headers: InjectOptions['headers'] = {}, url = '/api/v1/keys/generate'): InjectOptions => ({
  method: 'POST',
  url,
  headers,
});

const CHALLENGE = 'Bearer realm="ML-DSA Certificate API"';

t.test('a key of API_KEYS is accepted in either field', async (t) => {
  const { app } = await buildEdge(t, { API_KEYS: `${KEY},another` });
  const shown = [
    { 'x-api-key': KEY },
    { 'x-api-key': 'another' },
    { authorization: `Bearer ${KEY}` },
    { authorization: `bearer  ${KEY} ` },
    { 'x-api-key': KEY, authorization: 'Basic YTpi' },
  ];
  for (const headers of shown)
    t.equal((await app.inject(ask(headers))).statusCode, 500, JSON.stringify(headers));
});

t.test('other credentials are rejected', async (t) => {
  const { app } = await buildEdge(t, { API_KEYS: KEY });
  const refused: readonly [InjectOptions, string][] = [
    [ask(), CHALLENGE],
    [ask({}, `/api/v1/keys/generate?api_key=${KEY}&x-api-key=${KEY}&access_token=${KEY}`), CHALLENGE],
    [ask({ cookie: `x-api-key=${KEY}` }), CHALLENGE],
    [ask({ authorization: KEY }), CHALLENGE],
    [ask({ authorization: `Basic ${KEY}` }), CHALLENGE],
    [ask({ authorization: 'Bearer' }), CHALLENGE],
    [{ ...ask(), payload: { private_key: KEY } }, CHALLENGE],
    [ask({ 'x-api-key': '' }), `${CHALLENGE}, error="invalid_token"`],
    [ask({ 'x-api-key': KEY.slice(0, -1) }), `${CHALLENGE}, error="invalid_token"`],
    [ask({ 'x-api-key': `${KEY}, ${KEY}` }), `${CHALLENGE}, error="invalid_token"`],
    [ask({ 'x-api-key': `Bearer ${KEY}` }), `${CHALLENGE}, error="invalid_token"`],
    [ask({ authorization: `Bearer ${KEY}x` }), `${CHALLENGE}, error="invalid_token"`],
    [ask({ authorization: 'Bearer a.b.c' }), `${CHALLENGE}, error="invalid_token"`],
  ];
  for (const [request, challenge] of refused) {
    const reply = await app.inject(request);
    t.equal(reply.statusCode, 401, JSON.stringify(request));
    t.match(reply.json(), { status: 401, code: 'unauthorized', error: 'Invalid or missing API key' });
    t.equal(reply.headers['www-authenticate'], challenge);
    t.equal(reply.headers['cache-control'], 'no-store');
  }
  const both = await app.inject(ask({ 'x-api-key': KEY, authorization: `Bearer ${KEY}` }));
  t.equal(both.statusCode, 400, 'RFC 6750 §2');
});

t.test('a request without credentials is rejected before its body is read', async (t) => {
  const { app } = await buildEdge(t, { API_KEYS: KEY });
  const reply = await app.inject({ ...ask({ 'content-type': 'application/json' }), payload: '{"broken' });
  t.equal(reply.statusCode, 401);
  const form = await app.inject({ ...ask({ 'content-type': 'text/plain' }), payload: 'x'.repeat(300_000) });
  t.equal(form.statusCode, 401);
});

/** The scope of every route. */
const ROUTES: readonly [string, string, Scope | readonly Scope[] | 'public'][] = [
  ...['/health', '/livez', '/readyz', '/startupz', '/api/v1/info', '/docs'].map(
    (url): [string, string, 'public'] => ['GET', url, 'public'],
  ),
  ['GET', '/docs/json', 'public'],
  ['GET', '/docs/static/index.css', 'public'],
  ['GET', '/crl/{file}', 'public'],
  ['GET', '/issuers/{file}', 'public'],
  ['POST', '/ocsp', 'public'],
  ['GET', '/ocsp/{rest}', 'public'],
  ['GET', '/metrics', 'metrics:read'],
  ['POST', '/api/v1/keys/generate', 'keys:generate'],
  ['POST', '/api/v1/keys/convert', 'keys:generate'],
  ['POST', '/api/v1/bundle', 'keys:generate'],
  ['POST', '/api/v1/certificate/generate', 'certs:issue'],
  ['POST', '/api/v1/certificate/hybrid', 'certs:issue'],
  ['POST', '/api/v1/certificate/inspect', 'inspect'],
  ['POST', '/api/v1/certificate/verify', 'inspect'],
  ['POST', '/api/v1/csr/generate', 'csr:generate'],
  ['POST', '/api/v1/csr/hybrid', 'csr:generate'],
  ['POST', '/api/v1/csr/sign', 'csr:sign'],
  ['POST', '/api/v1/csr/inspect', 'inspect'],
  ['POST', '/api/v1/identify', 'inspect'],
  ['POST', '/api/v1/lint', 'inspect'],
  ['GET', '/api/v1/lint/rules', 'inspect'],
  ['POST', '/api/v1/keys/match', 'inspect'],
  ['POST', '/api/v1/crl/inspect', 'inspect'],
  ['POST', '/api/v1/keys/inspect', 'inspect'],
  ['POST', '/api/v1/authorities', 'authorities:manage'],
  ['GET', '/api/v1/authorities', 'certs:read'],
  ['POST', '/api/v1/authorities/import', 'authorities:manage'],
  ['GET', '/api/v1/authorities/{authority}', 'certs:read'],
  ['GET', '/api/v1/authorities/{authority}/certificate', 'certs:read'],
  ['POST', '/api/v1/authorities/{authority}/certificate', 'authorities:manage'],
  ['GET', '/api/v1/authorities/{authority}/chain', 'certs:read'],
  ['GET', '/api/v1/authorities/{authority}/crl', 'certs:read'],
  ['GET', '/api/v1/authorities/{authority}/reservations', 'authorities:manage'],
  ['POST', '/api/v1/authorities/{authority}/rotate', 'authorities:manage'],
  ['POST', '/api/v1/authorities/{authority}/enable', 'authorities:manage'],
  ['POST', '/api/v1/authorities/{authority}/disable', 'authorities:manage'],
  ['PUT', '/api/v1/authorities/{authority}/profiles', 'authorities:manage'],
  ['POST', '/api/v1/authorities/{authority}/certificates', 'certs:issue'],
  ['GET', '/api/v1/profiles', 'certs:read'],
  ['GET', '/api/v1/profiles/schema', 'certs:read'],
  ['GET', '/api/v1/profiles/{name}', 'certs:read'],
  ['PUT', '/api/v1/profiles/{name}', 'profiles:manage'],
  ['GET', '/api/v1/profiles/{name}/versions', 'certs:read'],
  ['GET', '/api/v1/certificates', 'certs:read'],
  ['GET', '/api/v1/certificates/expiring', 'certs:read'],
  ['GET', '/api/v1/certificates/export', 'certs:read'],
  ['GET', '/api/v1/certificates/{id}', 'certs:read'],
  ['GET', '/api/v1/certificates/{id}/renewal', 'certs:read'],
  ['POST', '/api/v1/certificates/{id}/revoke', ['certs:revoke', 'certs:issue']],
  ['POST', '/api/v1/certificates/{id}/release', ['certs:revoke', 'certs:issue']],
  ['POST', '/api/v1/authorities/{authority}/revoke', ['certs:revoke', 'certs:issue']],
  ['POST', '/api/v1/authorities/{authority}/certificate/revoke', 'certs:revoke'],
  ['GET', '/api/v1/webhooks/dead-letters', 'admin'],
  ['POST', '/api/v1/webhooks/dead-letters/{id}/retry', 'admin'],
  ['GET', '/api/v1/audit', 'admin'],
  ['GET', '/api/v1/audit/head', 'admin'],
  ['GET', '/api/v1/audit/checkpoints', 'certs:read'],
  ['POST', '/api/v1/audit/checkpoints', 'admin'],
  ['GET', '/api/v1/audit/key', 'certs:read'],
];

t.test('each route needs its own scope, and no other scope is enough', async (t) => {
  const keys = new Map(
    SCOPES.map((scope) => [scope, makeKey([scope], { name: scope.replaceAll(':', '.') })]),
  );
  const { path } = keyFile(t, ...[...keys.values()].map(({ key }) => key));
  const { app } = await buildEdge(t, { API_KEYS_FILE: path });
  for (const [method, url, needed] of ROUTES) {
    const send = (headers: Record<string, string>) =>
      app.inject({ method: method as 'GET', url, headers, ...(method !== 'GET' && { payload: {} }) });
    const anonymous = await send({});
    if (needed === 'public') {
      // What an OCSP request must be, and a service without a store, is tested elsewhere
      t.notMatch([401, 403], [anonymous.statusCode], url);
      continue;
    }
    t.equal(anonymous.statusCode, 401, url);
    const scopes = [needed].flat();
    for (const [scope, { text }] of keys) {
      const reply = await send({ 'x-api-key': text });
      if (scopes.includes(scope)) {
        t.notMatch([401, 403], [reply.statusCode], `${scope} at ${url}`);
        continue;
      }
      t.equal(reply.statusCode, 403, `${scope} at ${url}`);
      t.match(reply.json(), { code: 'forbidden', error: `This needs the scope ${scopes.join(' or ')}, ` });
      t.equal(
        reply.headers['www-authenticate'],
        `${CHALLENGE}, error="insufficient_scope", scope="${scopes.join(' ')}"`,
      );
    }
  }
});

t.test('the table above has every route', async (t) => {
  const { app } = await buildEdge(t);
  const { paths } = (await app.inject('/docs/json')).json();
  const tested = ROUTES.map(([, url]) => url).filter((url) => !url.startsWith('/docs'));
  t.same([...new Set(tested)].toSorted(), Object.keys(paths).toSorted());
});

t.test('a CA certificate needs a scope of its own', async (t) => {
  const plain = makeKey(['certs:issue', 'csr:sign'], { name: 'leaves' });
  const both = makeKey(['certs:issue', 'csr:sign', 'certs:issue:ca'], { name: 'cas' });
  const { path } = keyFile(t, plain.key, both.key);
  const { app } = await buildEdge(t, { API_KEYS_FILE: path });
  const subject = '/CN=a';
  const bodies = {
    '/api/v1/certificate/generate': { subject },
    '/api/v1/certificate/hybrid': { subject, classical_algorithm: 'rsa' },
    '/api/v1/csr/sign': { csr: 'a', ca_certificate: 'a', ca_private_key: 'a' },
  };
  for (const [url, body] of Object.entries(bodies)) {
    // The domain does nothing here; the texts of csr/sign are decoded before it.
    const admitted = url.endsWith('/sign') ? 400 : 500;
    const send = async (text: string, is_ca: unknown) =>
      app.inject({ ...ask({ 'x-api-key': text }, url), payload: { ...body, is_ca } });
    t.equal((await send(plain.text, false)).statusCode, admitted, 'the request is admitted');
    t.equal((await send(plain.text, null)).statusCode, admitted);
    t.equal((await send(both.text, true)).statusCode, admitted);
    t.equal((await send(plain.text, 1)).statusCode, 400);
    const refused = await send(plain.text, true);
    t.equal(refused.statusCode, 403, url);
    t.match(refused.json().error, 'This needs the scope certs:issue:ca, ');
    t.match(refused.headers['www-authenticate'], 'error="insufficient_scope", scope="certs:issue:ca"');
  }
});

t.test('a route without a scope stops the start of a service with authentication', async (t) => {
  const { app } = await buildEdge(t, {}, (app) => app.get('/open', () => 'open'));
  t.equal((await app.inject('/open')).statusCode, 200, 'without keys everybody may ask everything');
  await t.rejects(
    buildEdge(t, { API_KEYS: KEY }, (app) => app.get('/open', () => 'open')),
    /^routes without a scope: \/open/,
  );
});

t.test('404, 405 and CORS preflights need no credentials', async (t) => {
  const { app } = await buildEdge(t, { API_KEYS: KEY, CORS_ORIGINS: 'https://a.example' });
  t.equal((await app.inject('/nowhere')).statusCode, 404);
  t.equal((await app.inject('/api/v1/keys/generate')).statusCode, 405);
  const origin = { origin: 'https://a.example' };
  const preflight = {
    ...ask({ ...origin, 'access-control-request-method': 'POST' }),
    method: 'OPTIONS' as const,
  };
  t.equal((await app.inject(preflight)).statusCode, 204);
  const refused = await app.inject(ask(origin));
  t.equal(refused.statusCode, 401);
  t.equal(refused.headers['access-control-allow-origin'], 'https://a.example', 'a page may read why');
});

t.test('request.principal is set on routes with a scope', async (t) => {
  const seen: unknown[] = [];
  const { app } = await buildEdge(t, { API_KEYS: KEY }, (app) => {
    const note = (request: FastifyRequest) => {
      seen.push(request.principal?.name);
      return 'ok';
    };
    app.get('/guarded', { config: { scope: 'inspect' } }, note);
    app.get('/public', { config: { scope: 'public' } }, note);
    app.get('/public-ca', { config: { scope: 'public' } }, (request) => request.requireScope('inspect'));
  });
  const headers = { 'x-api-key': KEY };
  await app.inject({ url: '/guarded', headers });
  await app.inject({ url: '/public', headers });
  t.same(seen, ['API_KEYS', undefined]);
  t.equal((await app.inject({ url: '/public-ca', headers })).statusCode, 403);
});

t.test('no key is in any reply or log line', async (t) => {
  const filed = makeKey(['inspect']);
  const { path } = keyFile(t, filed.key);
  const { app, log } = await buildEdge(t, { API_KEYS: KEY, API_KEYS_FILE: path, LOG_LEVEL: 'trace' });
  const outputs: unknown[] = [];
  for (const text of [KEY, filed.text, `${KEY}-wrong`]) {
    for (const headers of [{ 'x-api-key': text }, { authorization: `Bearer ${text}` }]) {
      for (const url of [
        '/api/v1/keys/generate',
        `/nowhere?key=${text}`,
        `/health?key=${text}`,
        '/metrics',
      ]) {
        const replies = [
          await app.inject({ url, headers }),
          await app.inject({ ...ask(headers, url), payload: {} }),
        ];
        for (const { headers, body } of replies) outputs.push(headers, body);
      }
    }
  }
  outputs.push(log, app.config, printConfig(app.config));
  const text = JSON.stringify(outputs);
  for (const secret of [KEY, filed.text]) t.notMatch(text, secret);
  t.match(text, 'Invalid or missing API key');
});
