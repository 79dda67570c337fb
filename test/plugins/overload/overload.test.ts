/** What is refused so that the rest is answered in time (T15), and how many connections there may be (T16). */

import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import type { Environment } from '../../../src/config/load.ts';
import { buildEdge } from '../../support/edge.ts';
import { readExposition } from '../../support/exposition.ts';
import { until } from '../../support/until.ts';

/** Routes at which requests wait until they are let go, and one that computes nothing. */
function addGate(app: FastifyInstance) {
  const waiting: (() => void)[] = [];
  const wait = async (): Promise<string> => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return 'done';
  };
  app.post('/work', { config: { cost: 1, scope: 'inspect' } }, wait);
  app.post('/heavy', { config: { cost: 3, scope: 'inspect' } }, wait);
  app.post('/free', { config: { scope: 'inspect' } }, () => 'done');
  return { waiting, open: () => waiting.splice(0).forEach((resolve) => resolve()) };
}

async function buildGated(t: Test, limit: number, environment: Environment = {}) {
  let gate: ReturnType<typeof addGate> = { waiting: [], open: () => {} };
  const { app } = await buildEdge(
    t,
    { QUEUE_LIMIT: String(limit), ...environment },
    (app) => (gate = addGate(app)),
  );
  const ask = (url: string, method: 'POST' | 'GET' = 'POST') => app.inject({ method, url });
  /** Asks, and waits until it is let in or refused. */
  async function knock(url = '/work'): Promise<{ reply: ReturnType<typeof ask>; isIn: boolean }> {
    const before = gate.waiting.length;
    const reply = ask(url);
    let settled = false;
    void reply.then(() => (settled = true));
    await until(() => settled || gate.waiting.length > before);
    return { reply, isIn: gate.waiting.length > before };
  }
  /** Asks until it is let in: what else runs on the machine may hold up the event loop. */
  async function letIn(url?: string): ReturnType<typeof knock> {
    const asked = await knock(url);
    return asked.isIn ? asked : letIn(url);
  }
  return { app, ask, knock, letIn, gate };
}

async function valueOf(app: FastifyInstance, name: string, reason?: string) {
  const samples = readExposition((await app.inject('/metrics')).body).get(name)?.samples ?? [];
  return samples.find(({ labels }) => labels['reason'] === reason)?.value;
}

t.test('a request beyond the limit is refused, and admitted again when a slot is free', async (t) => {
  const { app, ask, letIn, gate } = await buildGated(t, 2);
  const admitted = [await letIn(), await letIn()];
  t.equal(await valueOf(app, 'engine_queue_depth'), 2);

  const refused = await ask('/work');
  t.equal(refused.statusCode, 503);
  t.match(refused.json(), { code: 'overloaded', title: 'The service is overloaded' });
  t.match(refused.headers, { 'retry-after': '2', 'cache-control': 'no-store' });
  t.equal((await ask('/free')).statusCode, 200, 'what computes nothing is let in');
  for (const path of [
    '/health',
    '/livez',
    '/readyz',
    '/startupz',
    '/metrics',
    '/api/v1/info',
    '/docs/json',
  ]) {
    t.equal((await ask(path, 'GET')).statusCode, 200, path);
  }
  t.equal(await valueOf(app, 'requests_shed_total', 'queue'), 1);

  gate.open();
  for (const { reply } of admitted) t.equal((await reply).statusCode, 200);
  t.equal(await valueOf(app, 'engine_queue_depth'), 0);
  const again = await letIn();
  gate.open();
  t.equal((await again.reply).statusCode, 200);
});

t.test('a request without a free slot is admitted if a slot becomes free soon', async (t) => {
  const { ask, letIn, gate } = await buildGated(t, 1);
  const { reply } = await letIn();
  const next = ask('/work');
  await new Promise((resolve) => setImmediate(resolve));
  gate.open();
  t.equal((await reply).statusCode, 200);
  await until(() => gate.waiting.length === 1);
  gate.open();
  t.equal((await next).statusCode, 200);
});

t.test('a request counts for what it costs, and nothing is too dear for an empty queue', async (t) => {
  const { app, ask, letIn, gate } = await buildGated(t, 2);
  const heavy = await letIn('/heavy');
  t.equal(await valueOf(app, 'engine_queue_depth'), 3);
  t.equal((await ask('/work')).statusCode, 503);
  gate.open();
  t.equal((await heavy.reply).statusCode, 200);
  t.equal(await valueOf(app, 'engine_queue_depth'), 0);
});

t.test('of the API all routes that compute are refused, and no other', async (t) => {
  const { app, ask, letIn, gate } = await buildGated(t, 1);
  const admitted = await letIn();
  const { paths } = (await app.inject('/docs/json')).json();
  const refused = [];
  for (const path of Object.keys(paths).filter((path) => path.startsWith('/api/'))) {
    const method = 'post' in paths[path] ? 'POST' : 'GET';
    if ((await ask(path, method)).body.includes('"overloaded"')) refused.push(path);
  }
  t.same(refused.toSorted(), [
    '/api/v1/audit/checkpoints',
    '/api/v1/authorities',
    '/api/v1/authorities/import',
    '/api/v1/authorities/{authority}/certificate',
    '/api/v1/authorities/{authority}/certificates',
    '/api/v1/authorities/{authority}/disable',
    '/api/v1/authorities/{authority}/enable',
    '/api/v1/authorities/{authority}/rotate',
    '/api/v1/bundle',
    '/api/v1/certificate/generate',
    '/api/v1/certificate/hybrid',
    '/api/v1/certificate/inspect',
    '/api/v1/certificate/verify',
    '/api/v1/crl/inspect',
    '/api/v1/csr/generate',
    '/api/v1/csr/hybrid',
    '/api/v1/csr/inspect',
    '/api/v1/csr/sign',
    '/api/v1/identify',
    '/api/v1/keys/convert',
    '/api/v1/keys/generate',
    '/api/v1/keys/inspect',
    '/api/v1/keys/match',
    '/api/v1/lint',
  ]);
  gate.open();
  await admitted.reply;
});

t.test('a refusal costs neither a guess at credentials nor a part of a rate limit', async (t) => {
  const key = 'mld-overload-0123456789abcdef0123456789abcdef';
  const { app, gate } = await buildGated(t, 1, { API_KEYS: key, RATE_LIMIT_PER_HOUR: '2' });
  const ask = (apiKey: string) =>
    app.inject({ method: 'POST', url: '/work', headers: { 'x-api-key': apiKey } });
  const admitted = ask(key);
  await until(() => gate.waiting.length === 1);
  for (let i = 0; i < 5; i++) t.equal((await ask('wrong')).json().code, 'overloaded');
  for (let i = 0; i < 5; i++) t.equal((await ask(key)).json().code, 'overloaded');
  gate.open();
  const { statusCode, headers } = await admitted;
  t.equal(statusCode, 200);
  t.equal(headers['x-ratelimit-remaining'], '1');
  t.equal((await ask('wrong')).statusCode, 401);
  const last = ask(key);
  await until(() => gate.waiting.length === 1);
  gate.open();
  t.equal((await last).statusCode, 200);
  t.equal((await ask(key)).statusCode, 429);
});

t.test('of 1,000 simultaneous requests no more than the limit are admitted', async (t) => {
  const { app, ask, gate } = await buildGated(t, 10);
  let refused = 0;
  const replies = Array.from({ length: 1000 }, async () => {
    const { statusCode } = await ask('/work');
    if (statusCode === 503) refused += 1;
    return statusCode;
  });
  await until(() => gate.waiting.length + refused === 1000);
  const admitted = gate.waiting.length;
  t.ok(admitted >= 1 && admitted <= 10, `${admitted} are admitted`);
  gate.open();
  const statuses = await Promise.all(replies);
  t.equal(statuses.filter((status) => status === 200).length, admitted);
  t.equal(await valueOf(app, 'engine_queue_depth'), 0);
  const shed = ['queue', 'event-loop'].map((reason) => valueOf(app, 'requests_shed_total', reason));
  t.equal(
    (await Promise.all(shed)).reduce<number>((total, count = 0) => total + count, 0),
    refused,
  );
  t.comment(`T15: burst of 1,000 with QUEUE_LIMIT=10: ${admitted} let in, ${refused} refused`);
});

t.test('a client that is slow to send its body holds no place', async (t) => {
  const { app, letIn, gate } = await buildGated(t, 1);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const slow = connect(port, '127.0.0.1').setEncoding('latin1');
  t.teardown(() => slow.destroy());
  const head = 'POST /work HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 2\r\n';
  slow.write(`${head}Expect: 100-continue\r\n\r\n`);
  t.match((await once(slow, 'data'))[0], /^HTTP\/1\.1 100 /, 'its header has arrived');
  const other = await letIn();
  slow.write('{}');
  t.match(
    (await once(slow, 'data'))[0],
    /^HTTP\/1\.1 503 [^]*"code":"overloaded"/,
    'judged again with its body',
  );
  gate.open();
  t.equal((await other.reply).statusCode, 200);
});

t.test('a client that is gone holds its place until what it asked for has ended', async (t) => {
  const { app, ask, gate } = await buildGated(t, 1);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const gone = connect(port, '127.0.0.1');
  gone.write('POST /work HTTP/1.1\r\nHost: a\r\n\r\n');
  await until(() => gate.waiting.length === 1);
  gone.resetAndDestroy();
  await until(async () => (await valueOf(app, 'http_request_duration_seconds')) !== undefined);
  t.equal((await ask('/work')).statusCode, 503);
  gate.open();
  await until(async () => (await valueOf(app, 'engine_queue_depth')) === 0);
});

/** Blocks the event loop until its check is more than a second late. */
async function block(): Promise<void> {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1700);
  await new Promise((resolve) => setImmediate(resolve));
}

t.test(
  'while the event loop is late by a second, twice in a row, only an idle service lets a request in',
  async (t) => {
    const { app, ask, knock, letIn, gate } = await buildGated(t, 10);
    const admitted = [await letIn()];
    // If the machine paused as well, the second one is refused.
    for (let isIn = false; !isIn;) {
      await block();
      const next = await knock();
      ({ isIn } = next);
      if (isIn) admitted.push(next);
    }
    // If the machine paused between the two checks, the request is let in.
    for (let isIn = true; isIn;) {
      await block();
      await block();
      const next = await knock();
      ({ isIn } = next);
      if (isIn) admitted.push(next);
      else t.equal((await next.reply).json().code, 'overloaded');
    }
    t.ok(await valueOf(app, 'requests_shed_total', 'event-loop'), 'the refusal is counted');
    t.equal((await ask('/health', 'GET')).statusCode, 200);
    gate.open();
    for (const { reply } of admitted) await reply;
    await block();
    await block();
    const idle = await letIn();
    gate.open();
    t.equal((await idle.reply).statusCode, 200, 'an idle service is never too late');
  },
);
