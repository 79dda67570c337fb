/** What each proxy with the files of deploy/ does in front of real services. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { callContract, type Client } from './compat-clients.ts';
import { freePort } from './free-port.ts';
import { ask, startFront, type Front, type FrontKind } from './fronts.ts';
import { executedIn, issuingLoad, type IssuingLoad } from './issuing-load.ts';
import { addressIn, HUNG_ROUTE, run, START } from './process.ts';
import { startAlone, startHeld, type Restartable } from './restartable.ts';
import { succeeding, until } from './until.ts';

const ANONYMOUS = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  ALLOW_ANONYMOUS: 'true',
  TRUST_PROXY: '127.0.0.1',
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
};

/** A proxy finds a stopping process within this time (in seconds), even if the machine stands still for some of it. */
const PATIENT = { ...ANONYMOUS, SHUTDOWN_DELAY: '15' };

const POST = {
  method: 'POST',
  path: '/api/v1/keys/generate',
  headers: { 'Content-Type': 'application/json' },
};

/** A reply that the proxy made itself tells what is wrong as the service does. */
async function checkProblem(t: Test, reply: Awaited<ReturnType<typeof ask>>, status: number): Promise<void> {
  t.equal(reply.status, status, `the proxy replies ${status}`);
  t.match(reply.headers['content-type'], 'application/problem+json', 'with a problem document');
  const problem = JSON.parse(reply.body);
  t.match(problem, { status, code: /^[a-z-]+$/, title: String, detail: String, error: String });
  t.match(problem.type, new RegExp(`^(?:/pki)?/docs/problems/${problem.code}$`));
}

/** What only a proxy may say. */
const CLAIMED = [
  'X-Forwarded-For',
  'X-Forwarded-Proto',
  'X-Forwarded-Host',
  'Forwarded',
  'Client-Cert',
  'X-SSL-Client-Cert',
];

/** Asks until the reply has this status: a proxy may give another one while the machine stands still. */
const askUntil = (front: Front, path: string, status: number): ReturnType<typeof ask> =>
  succeeding(async () => {
    const reply = await ask(front, { path });
    if (reply.status !== status) throw new Error(`${reply.status} in place of ${status}: ${reply.body}`);
    return reply;
  });

/** Clients of the old service, and all else that a proxy is to do. */
export function testFront(t: Test, kind: FrontKind, clients: readonly Client[]): void {
  const skip = { skip: kind.missing };
  // They wait for services that stop.
  t.jobs = 2;
  t.test(`${kind.name} in front of two services`, skip, async (t) => {
    const services = await Promise.all([startAlone(t, PATIENT), startAlone(t, PATIENT)]);
    const front = await startFront(t, kind, portsOf(services));
    await t.test('passes the whole contract', async (t) => testContract(t, front, clients));
    if (kind.asksReadiness) await testRollingRestart(t, kind, front, services);
    await testCrash(t, kind, front, services);
  });
  if (!kind.asksReadiness)
    t.test(`${kind.name} in front of sockets that stay open`, skip, async (t) => {
      const services = await Promise.all([startHeld(t, PATIENT), startHeld(t, PATIENT)]);
      await testRollingRestart(t, kind, await startFront(t, kind, portsOf(services)), services);
    });
  t.test(`${kind.name} passes what stands under a prefix`, skip, async (t) => testPrefix(t, kind));
  t.test(`${kind.name} passes on nothing that a client claims of itself`, skip, async (t) =>
    testClaims(t, kind),
  );
  t.test(`${kind.name} in front of one service`, skip, async (t) => testOne(t, kind));
}

const portsOf = (services: readonly Restartable[]): readonly string[] => services.map(({ port }) => port);

async function testContract(t: Test, front: Front, clients: readonly Client[]): Promise<void> {
  const trust = { CURL_CA_BUNDLE: front.ca, REQUESTS_CA_BUNDLE: front.ca, NODE_EXTRA_CA_CERTS: front.ca };
  for (const client of clients)
    await t.test(client.name, { skip: client.skip }, (t) =>
      callContract(t, client, `https://localhost:${front.port}`, trust),
    );

  await t.test('over HTTP/2 too', async (t) => {
    const session = connect(`https://localhost:${front.port}`, { ca: readFileSync(front.ca) });
    const [headers] = await once(session.request({ ':path': '/health' }), 'response');
    t.equal(headers[':status'], 200, 'a request over HTTP/2 is served');
    session.destroy();
  });

  await t.test('the header fields of the service arrive, each once', async (t) => {
    const { headers, fields } = await ask(front, { path: '/api/v1/info' });
    t.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
    t.equal(headers['x-frame-options'], 'DENY');
    t.equal(headers['x-content-type-options'], 'nosniff');
    t.equal(headers['cache-control'], 'no-store');
    t.same(fields, [...new Set(fields)]);
  });

  await t.test('a body is as long as the service takes it, and no longer', async (t) => {
    const body = (length: number): Buffer => Buffer.alloc(length, ' ');
    const longest = await ask(front, POST, body(262_144));
    t.equal(JSON.parse(longest.body).code, 'invalid-json', 'the service has read it');
    await checkProblem(
      t,
      await ask(front, { ...POST, headers: { ...POST.headers, 'Content-Length': 262_145 } }, body(262_145)),
      413,
    );
    t.notMatch(front.log(), 'temporary file', 'no key is written to a disk');
  });

  await t.test('without TLS nothing is posted, and pages are led to it', async (t) => {
    const plain = (method: string) =>
      fetch(`http://localhost:${front.plainPort}/docs`, { method, redirect: 'manual' });
    t.equal((await plain('GET')).status, 308, 'a GET without TLS is redirected');
    t.match((await plain('GET')).headers.get('location'), /^https:\/\/[^/]+\/docs$/);
    t.equal((await plain('POST')).status, 403, 'a POST without TLS is refused');
  });
}

/** What stands under a prefix. */
async function testPrefix(t: Test, kind: FrontKind): Promise<void> {
  const service = run(t, [START], { ...ANONYMOUS, BASE_PATH: '/pki', PORT: '0' });
  const { port } = new URL(addressIn(await service.listening));
  const front = await startFront(t, kind, [port, port], kind.prefixed);
  t.equal((await ask(front, { ...POST, path: '/pki/api/v1/keys/generate' })).status, 200);
  t.equal((await ask(front, { path: '/pki/docs/json' })).status, 200);
  const elsewhere = await ask(front, { path: '/health' });
  await checkProblem(t, elsewhere, 404);
  t.equal(JSON.parse(elsewhere.body).error, 'Endpoint not found');
}

async function testClaims(t: Test, kind: FrontKind): Promise<void> {
  const echo = createServer(({ headers }, reply) => reply.end(JSON.stringify(headers)));
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => echo.close());
  const port = String((echo.address() as AddressInfo).port);
  const front = await startFront(t, kind, [port, port]);
  const claims = Object.fromEntries(CLAIMED.map((name) => [name, 'claimed']));
  const headers = JSON.parse((await ask(front, { headers: { ...claims, 'X-Other': 'claimed' } })).body);
  for (const name of CLAIMED) t.not(headers[name.toLowerCase()], 'claimed', name);
  t.match(headers, {
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'https',
    'x-other': 'claimed',
  });
  t.match(headers['x-forwarded-host'], /^localhost(?::\d+)?$/);
}

async function testOne(t: Test, kind: FrontKind): Promise<void> {
  const service = run(t, ['--import', HUNG_ROUTE, START], {
    ...ANONYMOUS,
    RATE_LIMIT_PER_HOUR: '5',
    PORT: '0',
  });
  const { port } = new URL(addressIn(await service.listening));

  await t.test('tells what it cannot do as the service would', async (t) => {
    const alone = await startFront(t, kind, [String(await freePort()), String(await freePort())]);
    await checkProblem(t, await askUntil(alone, '/health', kind.unreachable), kind.unreachable);
    const front = await startFront(t, kind, [port, port], kind.hasty);
    await checkProblem(t, await askUntil(front, '/health/hung', kind.overdue), kind.overdue);
  });

  await t.test('says who asks, whatever they claim', async (t) => {
    const front = await startFront(t, kind, [port, port]);
    const statuses: unknown[] = [];
    for (let i = 0; i < 20; i++) {
      const claims = {
        'X-Forwarded-For': `203.0.113.${i}, 127.0.0.1`,
        Forwarded: `for=203.0.113.${i}`,
        'X-Real-IP': `203.0.113.${i}`,
        'X-Forwarded-Proto': 'http',
        'X-Forwarded-Host': 'evil.example',
      };
      const { status, headers } = await ask(front, {
        path: '/api/v1/info',
        localAddress: '127.0.0.2',
        headers: claims,
      });
      statuses.push(status);
      t.ok(headers['strict-transport-security'], 'it is https whatever the client says');
    }
    const served = statuses.filter((status) => status === 200).length;
    t.equal(served, 5, 'one client gets five requests an hour, whatever address it claims');
    t.comment(`T18 ${kind.name}: ${served}/${statuses.length}`);
    t.equal(
      (await ask(front, { path: '/api/v1/info', localAddress: '127.0.0.3' })).status,
      200,
      'nobody else pays',
    );
    service.kill('SIGTERM');
    const { stdout } = await service.end;
    t.match(stdout, '"client":"127.0.0.2"');
    t.notMatch(stdout, '203.0.113.');
  });
}

async function testRollingRestart(
  t: Test,
  { name }: FrontKind,
  front: Front,
  services: readonly Restartable[],
): Promise<void> {
  await t.test('loses nothing in a rolling restart, and has nothing made twice (T68)', async (t) => {
    const { outcomes, stop } = issuingLoad(t, front, 4);
    for (const service of services) {
      const before = outcomes.size;
      await until(() => outcomes.size >= before + 50);
      await service.restart();
    }
    await stop();
    t.same(new Set(outcomes.values()), new Set([200]), 'every request gets 200');
    const { done, twice } = await executed(services, outcomes);
    t.comment(`T68 ${name}: ${outcomes.size} requests, ${done} keys made, ${twice} of them twice`);
    t.equal(twice, 0, 'no request is executed twice');
    t.equal(done, outcomes.size, 'one key is made for each request');
  });
}

/** A machine that stands still makes each of these more likely, and none of them is a wrong reply. */
const toldBy = ({ broken, unreachable, overdue }: FrontKind): readonly unknown[] => [
  ...broken,
  unreachable,
  overdue,
];

async function testCrash(
  t: Test,
  kind: FrontKind,
  front: Front,
  services: readonly Restartable[],
): Promise<void> {
  await t.test('has nothing made twice where a service crashes', async (t) => {
    const { outcomes, stop } = issuingLoad(t, front, 8);
    await until(() => outcomes.size >= 100);
    await services[0]?.kill();
    const before = outcomes.size;
    const hundredServed = (): boolean => {
      const later = [...outcomes.values()].slice(before).slice(-100);
      return later.length === 100 && later.every((outcome) => outcome === 200);
    };
    await t.resolves(until(hundredServed), 'a hundred requests in a row are served by the other service');
    await stop();
    const failed = [...outcomes.values()].filter((outcome) => outcome !== 200);
    t.same(
      failed.filter((outcome) => !toldBy(kind).includes(outcome)),
      [],
      'the clients of lost requests are told',
    );
    t.equal((await executed(services, outcomes)).twice, 0, 'no request is executed twice');
    t.comment(`${kind.name}: ${failed.length} of ${outcomes.size} requests lost in a crash`);
  });
}

/** Counts what was executed of these requests, once each one that was replied to is in the logs. */
async function executed(services: readonly Restartable[], outcomes: IssuingLoad['outcomes']) {
  const ids = (): readonly string[] =>
    executedIn(services.map((service) => service.log())).filter((id) => outcomes.has(id));
  const served = [...outcomes].filter(([, outcome]) => outcome === 200).map(([id]) => id);
  await until(() => {
    const done = new Set(ids());
    return served.every((id) => done.has(id));
  });
  return { done: new Set(ids()).size, twice: ids().length - new Set(ids()).size };
}
