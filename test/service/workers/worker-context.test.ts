/** Workers share the counts of the limits, the metrics and the TLS sessions. */

import { chmodSync } from 'node:fs';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import t from 'tap';
import { openDomain } from '../../support/domain.ts';
import { status } from '../../support/steady-load.ts';
import { until } from '../../support/until.ts';
import { identityOf } from '../../support/tls.ts';
import { startWorkers } from '../../support/workers.ts';

const LIMIT = 40;

/**
 * Returns the statuses of `count` requests by `clients` parallel clients, each on a keep-alive connection or on new
 * ones.
 */
async function askAtOnce(
  url: string,
  clients: number,
  count: number,
  keepAlive: boolean,
  options = {},
  body = '',
) {
  const counts = new Map<number | undefined, number>();
  const ask = async (agent: Agent): Promise<void> => {
    const [reply] = await once(request(url, { ...options, agent }).end(body), 'response');
    await text(reply);
    counts.set(reply.statusCode, (counts.get(reply.statusCode) ?? 0) + 1);
  };
  const client = async (): Promise<void> => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    for (let i = 0; i < count / clients; i++) await ask(agent);
    agent.destroy();
  };
  await Promise.all(Array.from({ length: clients }, client));
  return Object.fromEntries(counts);
}

for (const keepAlive of [true, false]) {
  t.test(`a limit applies exactly to all workers together, keep-alive ${keepAlive}`, async (t) => {
    const service = await startWorkers(t, { RATE_LIMIT_PER_HOUR: String(LIMIT) });
    const counts = await askAtOnce(`${service.address}/api/v1/info`, 15, 150, keepAlive);
    t.same(counts, { 200: LIMIT, 429: 150 - LIMIT });
    const pids = () => new Set(service.lines('"path":"/api/v1/info"').map((line) => JSON.parse(line).pid));
    t.equal(await service.measured('ratelimit_degraded'), 0);
    t.comment(`${LIMIT} of 150 accepted by ${pids().size} workers`);
    // One worker may accept all connections that stay open (leases/leases.test.ts has workers that share).
    if (!keepAlive)
      await until(async () => {
        await status(`${service.address}/api/v1/info`);
        return pids().size > 1;
      });
  });
}

t.test('all workers take back invalid requests, and serve the limit to the request', async (t) => {
  const service = await startWorkers(t, { RATE_LIMIT_GENERATE_PER_MINUTE: String(LIMIT) });
  const url = `${service.address}/api/v1/keys/generate`;
  const options = { method: 'POST', headers: { 'Content-Type': 'application/json' } };
  t.same(await askAtOnce(url, 15, 150, false, options, '{"days": 1}'), { 400: 150 });
  const counts = await askAtOnce(url, 15, 75, false, options, '{}');
  t.same(counts, { 200: LIMIT, 429: 75 - LIMIT });
});

t.test('failed authentication is counted by all workers together', async (t) => {
  const keys = 'k'.repeat(40);
  const service = await startWorkers(t, { API_KEYS: keys, RATE_LIMIT_FAILED_AUTH_PER_MINUTE: String(LIMIT) });
  const url = `${service.address}/api/v1/keys/generate`;
  const counts = await askAtOnce(url, 15, 150, false, { method: 'POST', headers: { 'X-API-Key': 'wrong' } });
  t.same(counts, { 401: LIMIT, 429: 150 - LIMIT });
  const valid = { method: 'POST', headers: { 'X-API-Key': keys } };
  await until(async () => (await status(url, valid)) === 429);
  t.same(await askAtOnce(url, 15, 45, false, valid), { 429: 45 }, 'every worker refuses a valid key as well');
});

t.test(
  'a stopped primary delays requests by one second, then each worker limits alone until the primary continues',
  async (t) => {
    const service = await startWorkers(t, { RATE_LIMIT_PER_HOUR: String(LIMIT) });
    const url = `${service.address}/api/v1/info`;
    const policyOf = async (): Promise<string> => {
      const reply = await fetch(url, { headers: { Connection: 'close' } });
      await reply.text();
      return reply.headers.get('ratelimit-policy') ?? '';
    };
    t.notMatch(await policyOf(), 'mldsa-local');
    process.kill(service.pid, 'SIGSTOP');
    // Until then each worker uses the units that it has.
    await until(async () => (await policyOf()).includes('mldsa-local'));
    process.kill(service.pid, 'SIGCONT');
    await until(async () => !(await policyOf()).includes('mldsa-local'));
    t.match(await service.logged('limits its clients alone'), 'the primary process cannot be reached');
  },
);

t.test('any worker returns the metrics of all, and no counter falls when one ends', async (t) => {
  const service = await startWorkers(t);
  const answered = () =>
    service.measured('http_request_duration_seconds', { route: '/api/v1/info' }, '_count');
  await askAtOnce(`${service.address}/api/v1/info`, 30, 300, true);
  t.equal(await answered(), 300);
  const before = (await service.measured('process_cpu_seconds_total')) ?? 0;
  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    const [victim = 0] = service.workers();
    process.kill(victim, signal);
    await until(
      async () => !service.workers().includes(victim) && (await service.measured('workers_alive')) === 3,
    );
    t.equal(await answered(), 300, `after ${signal}`);
  }
  t.ok(((await service.measured('process_cpu_seconds_total')) ?? 0) > before);
});

t.test('a client resumes its TLS session with any worker', async (t) => {
  const { issuer } = await openDomain(t);
  const folder = t.testdir({ ...(await identityOf(issuer)) });
  chmodSync(join(folder, 'key'), 0o600);
  const service = await startWorkers(t, {
    TLS_CERT_FILE: join(folder, 'cert'),
    TLS_KEY_FILE: join(folder, 'key'),
  });
  const { port } = new URL(service.address);
  /** Returns whether `session` is resumed, and the session that the server sends. */
  const visit = async (
    session?: Buffer,
  ): Promise<readonly [isReused: boolean, given: Buffer | undefined]> => {
    const options = { port: Number(port), host: '127.0.0.1', rejectUnauthorized: false, session };
    const socket = connect(options);
    let given: Buffer | undefined;
    socket.once('session', (session) => (given = session));
    await once(socket, 'secureConnect');
    const isReused = socket.isSessionReused();
    socket.end('GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    return [isReused, given];
  };
  const [, session] = await visit();
  const workers = () => new Set(service.lines('"path":"/livez"').map((line) => JSON.parse(line).pid)).size;
  let [resumed, visits] = [0, 0];
  await until(async () => {
    for (const [isReused] of await Promise.all(Array.from({ length: 12 }, () => visit(session)))) {
      visits++;
      if (isReused) resumed++;
    }
    return workers() > 1;
  });
  t.equal(resumed, visits);
  t.comment(`${resumed} of ${visits} sessions resumed, by ${workers()} workers`);
});
