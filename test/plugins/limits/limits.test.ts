import { setImmediate } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { PkiError } from '../../../src/base/errors.ts';
import type { Scope } from '../../../src/access/scopes.ts';
import type { Environment } from '../../../src/config/load.ts';
import { buildEdge } from '../../support/edge.ts';

const limited = async (
  t: Test,
  hour: number,
  minute: number,
  more: Environment = {},
  scope: Scope | 'public' = 'public',
): Promise<FastifyInstance> => {
  const environment = {
    RATE_LIMIT_PER_HOUR: String(hour),
    RATE_LIMIT_GENERATE_PER_MINUTE: String(minute),
    ...more,
  };
  const { app } = await buildEdge(t, environment, (app) => {
    app.post('/issue', { config: { limit: 'issuing', scope } }, () => 'issued');
    app.post('/invalid', { config: { limit: 'issuing', scope } }, async () => {
      await setImmediate();
      throw new PkiError('invalid-san', 'It is invalid');
    });
    app.post('/broken', { config: { limit: 'issuing', scope } }, () => {
      throw new Error('broken');
    });
    app.get('/ask', { config: { scope } }, () => 'answered');
  });
  return app;
};

const ISSUE: InjectOptions = { method: 'POST', url: '/issue' };
const ASK: InjectOptions = { url: '/ask' };

/** Status codes of `count` requests, one after another. */
async function statuses(
  app: FastifyInstance,
  request: InjectOptions,
  count: number,
): Promise<readonly number[]> {
  const codes: number[] = [];
  for (let i = 0; i < count; i++) codes.push((await app.inject(request)).statusCode);
  return codes;
}

t.test('a client gets its requests of the hour, then 429 with Retry-After', async (t) => {
  const app = await limited(t, 3, 0);
  const first = await app.inject(ASK);
  t.match(first.headers, {
    'ratelimit-policy': '"hour";q=3;w=3600',
    ratelimit: '"hour";r=2;t=3600',
    'x-ratelimit-limit': '3',
    'x-ratelimit-remaining': '2',
    'x-ratelimit-reset': '3600',
  });
  t.equal(first.headers['retry-after'], undefined);
  t.same(await statuses(app, ASK, 3), [200, 200, 429]);

  const refused = await app.inject(ASK);
  t.match(refused.headers, {
    ratelimit: /^"hour";r=0;t=\d+$/,
    'x-ratelimit-remaining': '0',
    'cache-control': 'no-store',
  });
  t.ok(Number(refused.headers['retry-after']) >= Number(refused.headers['x-ratelimit-reset']));
  t.match(refused.json(), {
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
    status: 429,
    code: 'rate-limited',
    error:
      /^Rate limit exceeded: 3 requests in 3600 seconds \(RATE_LIMIT_PER_HOUR\); try again in \d+ seconds$/,
    'violated-policies': ['hour'],
  });
});

t.test('issuing counts for the minute and for the hour', async (t) => {
  const app = await limited(t, 5, 2);
  const first = await app.inject(ISSUE);
  t.equal(first.headers['ratelimit-policy'], '"issuing";q=2;w=60, "hour";q=5;w=3600');
  t.equal(first.headers['ratelimit'], '"issuing";r=1;t=60, "hour";r=4;t=3600');
  t.equal(first.headers['x-ratelimit-limit'], '2', 'the older fields tell of the limit that is nearer');
  t.same(await statuses(app, ISSUE, 3), [200, 429, 429]);
  t.same((await app.inject(ISSUE)).json()['violated-policies'], ['issuing']);
  t.same(
    await statuses(app, ASK, 4),
    [200, 200, 200, 429],
    'what the minute refused is not taken off the hour',
  );
});

const INVALID: InjectOptions = { method: 'POST', url: '/invalid' };

t.test('a request that is rejected as invalid counts for the hour, not for the minute', async (t) => {
  const app = await limited(t, 12, 2);
  t.same(await statuses(app, INVALID, 4), [400, 400, 400, 400]);
  const rejected = await app.inject(INVALID);
  t.match(rejected.headers['ratelimit'], /^"issuing";r=2;t=60, "hour";r=7;t=\d+$/);
  t.same(await statuses(app, ISSUE, 1), [200]);
  t.same(await statuses(app, INVALID, 2), [400, 400]);
  t.same(await statuses(app, ISSUE, 2), [200, 429]);
  t.same(await statuses(app, INVALID, 1), [429], 'a client at its limit is not served at all');
  t.same(
    (await app.inject(ISSUE)).json().error.replace(/\d+ seconds$/, 'n seconds'),
    'Rate limit exceeded: 2 requests in 60 seconds (RATE_LIMIT_GENERATE_PER_MINUTE); try again in n seconds',
  );
  t.same(
    await statuses(app, ASK, 4),
    [200, 200, 200, 429],
    'five invalid, two more and two valid ones are counted',
  );
});

t.test('a failure of the service counts: something may have been created', async (t) => {
  const app = await limited(t, 0, 2);
  t.same(await statuses(app, { method: 'POST', url: '/broken' }, 3), [500, 500, 429]);
});

t.test('a client that sends only invalid requests is limited too', async (t) => {
  const app = await limited(t, 0, 2);
  t.same(await statuses(app, INVALID, 13), [...Array(12).fill(400), 429]);
});

t.test('of valid and invalid requests at once no more are served than the limit allows', async (t) => {
  const app = await limited(t, 0, 10);
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const request = i % 3 === 0 ? ISSUE : INVALID;
      return { url: request.url, status: (await app.inject(request)).statusCode };
    }),
  );
  const served = answers.filter(({ url, status }) => url === '/issue' && status === 200).length;
  t.ok(served <= 10, `${served} served at once`);
  t.equal(
    (await statuses(app, ISSUE, 12)).filter((status) => status === 200).length,
    10 - served,
    'the rest later',
  );
});

t.test('0 switches a limit off', async (t) => {
  t.notOk((await statuses(await limited(t, 0, 0), ISSUE, 120)).includes(429));
  t.notOk((await statuses(await limited(t, 0, 5), ASK, 120)).includes(429));
  const app = await limited(t, 0, 5);
  t.same(await statuses(app, ISSUE, 6), [200, 200, 200, 200, 200, 429]);
});

t.test('health always replies, and files of the documentation do not count for the hour', async (t) => {
  const app = await limited(t, 2, 1);
  t.same(new Set(await statuses(app, { url: '/health' }, 400)), new Set([200]));
  t.same(new Set(await statuses(app, { url: '/docs/static/index.css' }, 20)), new Set([200]));
  t.same(await statuses(app, ASK, 3), [200, 200, 429]);
  t.equal((await app.inject('/health')).statusCode, 200);
  t.equal((await app.inject('/health')).headers['ratelimit'], undefined);
});

t.test('the documentation has a limit of its own, for each address', async (t) => {
  const app = await limited(t, 1, 1);
  const first = await app.inject('/docs/static/index.css');
  t.match(first.headers, {
    'ratelimit-policy': '"documentation";q=600;w=60',
    ratelimit: '"documentation";r=599;t=60',
  });
  // As many requests would take longer than the minute on a loaded machine.
  for (let i = 0; i < 598; i++) await app.limitStore.increment('documentation:127.0.0.1', 60_000, 600);
  t.same(await statuses(app, { url: '/docs/json' }, 1), [200], 'the last of 600');
  for (const url of ['/docs', '/docs/json', '/docs/yaml', '/docs/static/swagger-ui.css']) {
    t.same(await statuses(app, { url }, 1), [429], url);
  }
  t.same(await statuses(app, { url: '/docs', remoteAddress: '192.0.2.9' }, 1), [200]);
  t.same(await statuses(app, ASK, 1), [200], 'the hour is untouched');
  const unlimited = await limited(t, 0, 0);
  t.same(new Set(await statuses(unlimited, { url: '/docs' }, 700)), new Set([200]));
});

t.test('a request for an unknown path counts', async (t) => {
  const app = await limited(t, 3, 0);
  t.same(await statuses(app, { url: '/nowhere' }, 2), [404, 404]);
  t.same(await statuses(app, { method: 'DELETE', url: '/ask' }, 2), [405, 429]);
});

t.test('a client is an address, or a /64 of IPv6', async (t) => {
  const app = await limited(t, 1, 0);
  const status = async (remoteAddress: string) => (await app.inject({ ...ASK, remoteAddress })).statusCode;
  t.equal(await status('192.0.2.1'), 200);
  t.equal(await status('192.0.2.1'), 429);
  t.equal(await status('::ffff:192.0.2.1'), 429, 'IPv4 in an IPv6 socket');
  t.equal(await status('192.0.2.2'), 200);
  t.equal(await status('2001:db8:0:1::1'), 200);
  t.equal(await status('2001:db8:0:1:ffff::2'), 429);
  t.equal(await status('2001:db8:0:2::1'), 200);
});

t.test('a client cannot choose the address that is counted', async (t) => {
  const app = await limited(t, 1, 0);
  const spoofed = async (address: string) =>
    (await app.inject({ ...ASK, headers: { 'x-forwarded-for': address, forwarded: `for=${address}` } }))
      .statusCode;
  t.equal(await spoofed('203.0.113.1'), 200);
  t.equal(await spoofed('203.0.113.2'), 429);
});

t.test('the limits of the contract are the default', async (t) => {
  const app = await limited(t, 100, 10);
  t.same((await statuses(app, ISSUE, 12)).filter((code) => code === 200).length, 10);
  t.same((await statuses(app, ASK, 100)).filter((code) => code === 200).length, 90);
});

const KEY = 'a'.repeat(32);
const OTHER_KEY = 'b'.repeat(32);
const KEYS = { API_KEYS: `${KEY},${OTHER_KEY}` };

t.test('a principal is counted by its id, from any address', async (t) => {
  const app = await limited(t, 2, 0, KEYS, 'inspect');
  const status = async (key: string, remoteAddress: string) =>
    (await app.inject({ ...ASK, remoteAddress, headers: { 'x-api-key': key } })).statusCode;
  t.equal(await status(KEY, '192.0.2.1'), 200);
  t.equal(await status(KEY, '192.0.2.2'), 200);
  t.equal(await status(KEY, '192.0.2.3'), 429);
  t.equal(await status(OTHER_KEY, '192.0.2.3'), 200, 'another at the same address');
});

t.test('a principal without the scope is counted too', async (t) => {
  const app = await limited(t, 2, 0, KEYS, 'admin');
  t.same(await statuses(app, { ...ASK, headers: { 'x-api-key': KEY } }, 3), [403, 403, 429]);
});

t.test(
  'an address may fail to say who it is so often, and then its credentials are not looked at',
  async (t) => {
    const environment = { ...KEYS, RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '3' };
    const app = await limited(t, 100, 0, environment, 'inspect');
    const status = async (key: string | undefined, remoteAddress = '192.0.2.1') =>
      (await app.inject({ ...ASK, remoteAddress, headers: { 'x-api-key': key } })).statusCode;
    t.same(
      [await status('guess'), await status(KEY), await status(''), await status('guess')],
      [401, 200, 401, 401],
      'whoever is known does not count',
    );
    t.equal(await status('guess'), 429);
    t.equal(await status(KEY), 429, 'a right guess is not told from a wrong one');
    t.equal(await status(KEY, '192.0.2.2'), 200, 'another address');
    const refused = await app.inject({ ...ASK, remoteAddress: '192.0.2.1' });
    t.same(refused.json()['violated-policies'], ['failed-auth']);
    t.match(refused.headers, { 'ratelimit-policy': '"failed-auth";q=3;w=60', 'retry-after': /^\d+$/ });
    t.equal((await app.inject('/health')).statusCode, 200);
  },
);

t.test('of many guesses at once, only as many as the limit are checked', async (t) => {
  const app = await limited(t, 0, 0, { ...KEYS, RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '20' }, 'inspect');
  const guess = async (i: number) =>
    (await app.inject({ ...ASK, headers: { 'x-api-key': `guess ${i}` } })).statusCode;
  const codes = await Promise.all(Array.from({ length: 1000 }, (_, i) => guess(i)));
  t.equal(codes.filter((code) => code === 401).length, 20);
  t.equal(codes.filter((code) => code === 429).length, 980);
});
