/** Limits that several processes share through a real Redis, also while it fails. */

import { Redis } from 'ioredis';
import t, { type Test } from 'tap';
import { PkiError } from '../../../src/base/errors.ts';
import { buildEdge, type Edge } from '../../support/edge.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../../support/process.ts';
import { startRedis, type RedisServer } from '../../support/redis.ts';
import { redisMissing } from '../../support/services.ts';
import { startTcpProxy } from '../../support/tcp-proxy.ts';
import { until } from '../../support/until.ts';

const skip = { skip: redisMissing };
const LOCAL = '"hour";q=5;w=3600;mldsa-local';
const SHARED = '"hour";q=5;w=3600';

/** A process with a limit of five requests an hour. */
const openEdge = (t: Test, url: string): Promise<Edge> =>
  buildEdge(t, { REDIS_URL: url, RATE_LIMIT_PER_HOUR: '5' }, (app) => {
    app.get('/ask', () => 'answered');
  });

interface Answer {
  readonly status: number;
  readonly policy: unknown;
  readonly isShared: boolean;
  readonly milliseconds: number;
}

/** Sends one request of a client. */
async function ask({ app }: Edge, client: string): Promise<Answer> {
  const begun = performance.now();
  const { statusCode, headers } = await app.inject({ url: '/ask', remoteAddress: client });
  const milliseconds = performance.now() - begun;
  const policy = headers['ratelimit-policy'];
  return { status: statusCode, policy, isShared: policy === SHARED, milliseconds };
}

/** Sends requests one after another, and prints the time of the slowest. */
async function askOften(t: Test, edge: Edge, client: string, count: number): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (let i = 0; i < count; i++) answers.push(await ask(edge, client));
  const times = answers.map(({ milliseconds }) => Math.round(milliseconds));
  t.comment(
    `T23: ${client}: first ${times.slice(0, 3).join(', ')} ms, then at most ${Math.max(...times.slice(3))} ms`,
  );
  return answers;
}

const served = (answers: readonly Answer[]): number => answers.filter(({ status }) => status === 200).length;

/** That Redis did not respond in time. */
const warningsOf = ({ log }: Edge) =>
  log.filter(({ msg }) => String(msg).startsWith('REDIS_URL cannot be reached'));

/** Each process serves its limit and no more, reports that it counts alone, and logs that once. */
async function expectLocal(t: Test, edge: Edge, client: string, reason: RegExp): Promise<void> {
  const answers = await askOften(t, edge, client, 20);
  t.equal(served(answers), 5, 'never unlimited');
  t.same(new Set(answers.map(({ policy }) => policy)), new Set([LOCAL]));
  t.match(await edge.app.metrics.registry.metrics(), /^ratelimit_degraded 1$/m);
  const warnings = warningsOf(edge);
  t.equal(warnings.length, 1);
  t.match(JSON.stringify(warnings), reason);
  t.notMatch(JSON.stringify(edge.log), /secret-of-redis/);
}

/** Sends requests of other clients until the counts are shared, for the first time or again. */
const shared = (edge: Edge): Promise<void> =>
  until(async () => (await ask(edge, `198.51.100.${clients++ % 256}`)).isShared);
let clients = 0;

interface Reply {
  readonly status: number;
  readonly isShared: boolean;
}

/** One after another. */
async function repliesOf(url: string, count: number): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  for (let i = 0; i < count; i++) {
    const reply = await fetch(`${url}/api/v1/info`);
    await reply.text();
    const isShared = reply.headers.get('ratelimit-policy')?.endsWith('mldsa-local') === false;
    replies.push({ status: reply.status, isShared });
  }
  return replies;
}

/**
 * Sends the requests until all of them are counted in Redis, each time after `begin`. A machine that stands still for 200 ms
 * makes a process count alone.
 */
async function undisturbed<Sent extends { readonly isShared: boolean }>(
  begin: () => Promise<unknown>,
  send: () => Promise<readonly Sent[]>,
): Promise<readonly Sent[]> {
  for (;;) {
    await begin();
    const replies = await send();
    if (replies.every(({ isShared }) => isShared)) return replies;
  }
}

t.test('two processes together serve exactly the limit', skip, async (t) => {
  const redis = await startRedis(t);
  const client = new Redis(redis.url);
  t.teardown(() => client.disconnect());
  const env = { ...WITHOUT_STORE, REDIS_URL: redis.url, RATE_LIMIT_PER_HOUR: '50', LOG_LEVEL: 'info' };
  const urls = await Promise.all(
    [run(t, [START], env), run(t, [START], env)].map(async ({ listening }) => addressIn(await listening)),
  );
  const replies = await undisturbed(
    () => client.flushall(),
    async () => (await Promise.all([...urls, ...urls].map((url) => repliesOf(url, 40)))).flat(),
  );
  t.equal(replies.filter(({ status }) => status === 200).length, 50);
  t.equal(replies.filter(({ status }) => status === 429).length, 110);
});

t.test('two processes take back invalid requests, and serve the limit to the request', skip, async (t) => {
  const redis = await startRedis(t);
  const client = new Redis(redis.url);
  t.teardown(() => client.disconnect());
  const environment = { REDIS_URL: redis.url, RATE_LIMIT_GENERATE_PER_MINUTE: '10' };
  const addRoutes = (app: Edge['app']): void => {
    app.post('/issue', { config: { limit: 'issuing' } }, () => 'issued');
    app.post('/invalid', { config: { limit: 'issuing' } }, () => {
      throw new PkiError('invalid-san', 'It is invalid');
    });
  };
  const attempt = async () => {
    await client.flushall();
    const edges = [await buildEdge(t, environment, addRoutes), await buildEdge(t, environment, addRoutes)];
    const send = async (url: string, i: number): Promise<number | undefined> =>
      (await edges[i % 2]?.app.inject({ method: 'POST', url }))?.statusCode;
    const invalid: unknown[] = [];
    for (let i = 0; i < 30; i++) invalid.push(await send('/invalid', i));
    const mixed = Array.from({ length: 60 }, (_, i) => send(i % 3 === 0 ? '/issue' : '/invalid', i));
    const served = (await Promise.all(mixed)).filter((status) => status === 200).length;
    let later = 0;
    for (let i = 0; i < 12; i++) if ((await send('/issue', i)) === 200) later += 1;
    return { isShared: !edges.some((edge) => warningsOf(edge).length > 0), invalid, served, later };
  };
  let result = await attempt();
  while (!result.isShared) result = await attempt();
  t.same(result.invalid, Array(30).fill(400));
  t.ok(result.served <= 10, `${result.served} served at once`);
  t.equal(result.served + result.later, 10);
});

t.test('counts expire, whatever the value in Redis', skip, async (t) => {
  const redis = await startRedis(t);
  const client = new Redis(redis.url);
  t.teardown(() => client.disconnect());
  const edge = await openEdge(t, redis.url);
  const statusOf = async (address: string) => (await ask(edge, address)).status;
  t.equal(await statusOf('192.0.2.1'), 200);
  const [key = ''] = await client.keys('*');
  t.equal(key, 'mldsa:limit:hour:192.0.2.1');
  const left = await client.pttl(key);
  t.ok(left > 0 && left <= 3_600_000, `${left} ms`);

  await client.set(key, '9223372036854775807');
  t.equal(await statusOf('192.0.2.1'), 200, 'a count without an end begins anew');
  await client.set(key, 1000, 'EX', 1e9);
  t.equal(await statusOf('192.0.2.1'), 200, 'one that would end in years too');
  await client.set(key, 5, 'PX', 60_000);
  t.equal(await statusOf('192.0.2.1'), 429);
  await client.pexpire(key, 1);
  await until(async () => (await client.exists(key)) === 0);
  t.equal(await statusOf('192.0.2.1'), 200);
  await client.rpush('mldsa:limit:hour:192.0.2.2', 'a list');
  t.equal(await statusOf('192.0.2.2'), 200, 'another kind of value too');
  const broken = ['9223372036854775807', '1e400', '-5', '', 'NaN', '1.5', 'x'];
  for (const value of broken) {
    const begin = async (): Promise<void> => {
      await client.set(key, value, 'PX', 3_600_000);
      t.ok((await edge.app.limitStore.read('hour:192.0.2.1', 3_600_000)).ttl > 0);
    };
    const answers = await undisturbed(begin, () =>
      Promise.all(Array.from({ length: 7 }, () => ask(edge, '192.0.2.1'))),
    );
    t.same(
      answers.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 200, 200, 200, 200, 429, 429],
      `a count of ${value} begins anew, and ends at the limit`,
    );
  }
  t.comment(
    `T24: broken counts in Redis: ${broken.length}/${broken.length} begin anew, nobody is banned or unlimited`,
  );
  t.notOk(edge.app.limitStore.degraded);
});

t.test('Redis is killed and restarts', skip, async (t) => {
  const redis = await startRedis(t);
  const edge = await openEdge(t, redis.url);
  await shared(edge);
  await redis.crash();
  await expectLocal(t, edge, '192.0.2.2', /not connected|closed|writeable/);
  await redis.start();
  await shared(edge);
  t.match(await edge.app.metrics.registry.metrics(), /^ratelimit_degraded 0$/m);
  t.equal(served(await askOften(t, edge, '192.0.2.2', 20)), 5, 'one that was refused is not banned');
});

t.test('Redis hangs and continues', skip, async (t) => {
  const redis = await startRedis(t);
  const edge = await openEdge(t, redis.url);
  await shared(edge);
  redis.kill('SIGSTOP');
  await expectLocal(t, edge, '192.0.2.2', /did not respond within 200 ms/);
  redis.kill('SIGCONT');
  await shared(edge);
});

t.test('Redis becomes slow', skip, async (t) => {
  const redis = await startRedis(t);
  const proxy = await startTcpProxy(t, redis.port);
  const edge = await openEdge(t, redis.url.replace(`:${redis.port}`, `:${proxy.port}`));
  await shared(edge);
  proxy.delay(5000);
  await expectLocal(t, edge, '192.0.2.2', /did not respond within 200 ms/);
  proxy.delay(0);
  await shared(edge);
});

const FAULTS: readonly [string, RegExp, (redis: RedisServer) => Promise<string>][] = [
  [
    'refuses the password',
    /WRONGPASS/,
    async ({ url }) => url.replace('secret-of-redis', 'secret-of-redis-once'),
  ],
  [
    'is not there',
    /ECONNREFUSED/,
    async (redis) => {
      await redis.crash();
      return redis.url;
    },
  ],
  [
    'hangs',
    /not connected|did not answer/,
    async (redis) => {
      redis.kill('SIGSTOP');
      return redis.url;
    },
  ],
];

for (const [fault, reason, urlOf] of FAULTS) {
  t.test(`the service starts where Redis ${fault}`, skip, async (t) => {
    const edge = await openEdge(t, await urlOf(await startRedis(t)));
    await expectLocal(t, edge, '192.0.2.1', reason);
  });
}

t.test('many requests at once do not wait for each other', skip, async (t) => {
  const redis = await startRedis(t);
  const edge = await openEdge(t, redis.url);
  await shared(edge);
  redis.kill('SIGSTOP');
  const answers = await Promise.all(Array.from({ length: 100 }, () => ask(edge, '192.0.2.2')));
  t.comment(
    `T21: slowest of 100: ${Math.round(Math.max(...answers.map(({ milliseconds }) => milliseconds)))} ms`,
  );
  t.equal(served(answers), 5);
});
