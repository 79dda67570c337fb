import t from 'tap';
import { ProblemError } from '../../plugins/errors/problem.ts';
import { buildEdge } from '../support/edge.ts';

const FOR_PROGRAMS = { reader: 'program', scope: 'public' } as const;

const { app } = await buildEdge(t, {}, (routes) => {
  routes.get('/octets', { config: FOR_PROGRAMS }, () => Buffer.from('octets'));
  routes.get('/fault', { config: FOR_PROGRAMS }, () => {
    throw new ProblemError({ code: 'unavailable', detail: 'There are no octets' });
  });
  routes.get('/nothing', { config: FOR_PROGRAMS }, (_request, reply) => reply.callNotFound());
});

/** Without those that depend on the status. */
const namesOf = (fields: object): readonly string[] =>
  Object.keys(fields)
    .filter((name) => name !== 'retry-after' && name !== 'vary')
    .toSorted();

const EVERYWHERE = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'x-request-id': /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
};

t.test('a reply of the API cannot be stored, framed, or sniffed as another type', async (t) => {
  for (const url of ['/health', '/api/v1/info', '/nowhere', '/api/v1/keys/generate']) {
    const { headers } = await app.inject(url);
    t.match(headers, EVERYWHERE, url);
    t.equal(headers['cache-control'], 'no-store');
    t.equal(headers['content-security-policy'], "default-src 'none';frame-ancestors 'none'");
    t.equal(headers['etag'], undefined);
  }
});

t.test('octets for programs have the fields that are not about pages', async (t) => {
  const { statusCode, headers } = await app.inject('/octets');
  t.equal(statusCode, 200);
  t.same(Object.keys(headers).toSorted(), [
    'cache-control',
    'connection',
    'content-length',
    'content-type',
    'date',
    'x-content-type-options',
  ]);
  t.match(headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
});

t.test('an error in place of octets is a document with all fields', async (t) => {
  const document = await app.inject('/nowhere');
  for (const [url, status] of [
    ['/fault', 503],
    ['/nothing', 404],
  ] as const) {
    const reply = await app.inject(url);
    t.equal(reply.statusCode, status);
    t.match(reply.headers, EVERYWHERE, url);
    t.same(namesOf(reply.headers), namesOf(document.headers), url);
  }
});

t.test('no reply over plain http makes a browser use https', async (t) => {
  for (const url of ['/health', '/docs']) {
    const { headers } = await app.inject(url);
    t.equal(headers['strict-transport-security'], undefined);
    t.notMatch(headers['content-security-policy'], /upgrade-insecure-requests/);
  }
});

t.test('a reply does not name the software', async (t) => {
  for (const url of ['/health', '/nowhere', '/docs']) {
    const { headers } = await app.inject(url);
    t.equal(headers['server'], undefined);
    t.equal(headers['x-powered-by'], undefined);
  }
});

t.test('a caller cannot choose an arbitrary request identifier', async (t) => {
  const { headers } = await app.inject({
    url: '/health',
    headers: { 'x-request-id': 'mine', 'request-id': 'mine' },
  });
  t.match(headers, EVERYWHERE);
});

t.test('HSTS is sent over https only, and only a trusted proxy can forward https', async (t) => {
  const proxy = '192.0.2.1';
  const { app } = await buildEdge(t, { TRUST_PROXY: proxy });
  for (const [remoteAddress, forwarded, asked] of [
    [proxy, 'https', 'max-age=31536000; includeSubDomains'],
    [proxy, 'http', undefined],
    ['192.0.2.2', 'https', undefined],
    ['127.0.0.1', 'https', undefined],
  ] as const) {
    const { headers } = await app.inject({
      url: '/health',
      remoteAddress,
      headers: { 'x-forwarded-proto': forwarded },
    });
    t.equal(headers['strict-transport-security'], asked, `${remoteAddress} says ${forwarded}`);
  }
});
