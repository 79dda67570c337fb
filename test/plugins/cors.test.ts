import t from 'tap';
import { buildEdge } from '../support/edge.ts';

const GOOD = 'https://a.example';
const EVIL = [
  'https://evil.example',
  'https://a.example.evil.example',
  'https://evil-a.example',
  'https://a.example:8443',
  'http://a.example',
  'https://A.EXAMPLE',
  'null',
  'https://a.example/',
];

const preflight = (origin: string) => ({
  method: 'OPTIONS' as const,
  url: '/api/v1/certificate/generate',
  headers: {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,x-api-key',
  },
});

const ALLOW = 'access-control-allow-origin';

t.test('a page of an allowed origin can call the service and read replies', async (t) => {
  const { app } = await buildEdge(t, { CORS_ORIGINS: `${GOOD},https://b.example` });
  const asked = await app.inject(preflight(GOOD));
  t.equal(asked.statusCode, 204);
  t.match(asked.headers, {
    [ALLOW]: GOOD,
    'access-control-allow-methods': 'GET, HEAD, POST, PUT',
    'access-control-allow-headers': /Authorization, Content-Type, If-Match, X-API-Key/,
    'access-control-max-age': '600',
    vary: /Origin/,
  });
  t.equal(asked.headers['access-control-allow-credentials'], undefined);

  const called = await app.inject({ url: '/health', headers: { origin: GOOD } });
  t.match(called.headers, {
    [ALLOW]: GOOD,
    'access-control-expose-headers': /RateLimit, RateLimit-Policy, Retry-After/,
  });
  const refused = await app.inject({ url: '/nowhere', headers: { origin: GOOD } });
  t.equal(refused.headers[ALLOW], GOOD, 'errors can be read too');
});

t.test('a page of another origin cannot', async (t) => {
  const { app } = await buildEdge(t, { CORS_ORIGINS: GOOD });
  for (const origin of EVIL) {
    t.equal((await app.inject(preflight(origin))).headers[ALLOW], undefined, origin);
    const called = await app.inject({ url: '/health', headers: { origin } });
    t.equal(called.headers[ALLOW], undefined);
    t.match(called.headers['vary'], /Origin/, 'a cache does not serve the reply for another origin');
  }
});

t.test('without CORS_ORIGINS no page of another origin can', async (t) => {
  const { app } = await buildEdge(t);
  for (const origin of [GOOD, ...EVIL]) {
    const asked = await app.inject(preflight(origin));
    t.equal(asked.statusCode, 405);
    t.match(asked.headers, { allow: 'POST' });
    t.equal(asked.headers[ALLOW], undefined);
    t.equal((await app.inject({ url: '/health', headers: { origin } })).headers[ALLOW], undefined);
  }
});

t.test('outside production, every origin can be allowed', async (t) => {
  const { app } = await buildEdge(t, { CORS_ORIGINS: '*' });
  t.equal((await app.inject(preflight('https://evil.example'))).headers[ALLOW], '*');
});

t.test('a preflight is not counted, and a page can read a 429', async (t) => {
  const { app } = await buildEdge(t, { CORS_ORIGINS: GOOD, RATE_LIMIT_PER_HOUR: '1' });
  for (let i = 0; i < 5; i++) t.equal((await app.inject(preflight(GOOD))).statusCode, 204);
  const ask = { url: '/api/v1/info', headers: { origin: GOOD } };
  t.equal((await app.inject(ask)).statusCode, 200);
  const refused = await app.inject(ask);
  t.equal(refused.statusCode, 429);
  t.equal(refused.headers[ALLOW], GOOD);
});
