/** What each proxy with the files of deploy/ does in front of real services. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import { callContract, type Client } from './compat-clients.ts';
import { freePort } from './free-port.ts';
import { ask, startFront, type FrontKind } from './fronts.ts';
import { doneIn, issuingLoad } from './issuing-load.ts';
import { addressIn, HUNG_ROUTE, run, START, type Run } from './process.ts';
import { startAlone, startHeld } from './restartable.ts';
import { until } from './until.ts';

const ANONYMOUS = {
  NODE_ENV: 'production',
  HOST: '127.0.0.1',
  ALLOW_ANONYMOUS: 'true',
  TRUST_PROXY: '127.0.0.1',
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
};

type Variables = Readonly<Record<string, string>>;

interface Pair {
  readonly services: Run[];
  readonly ports: string[];
}

const start = (t: Test, port: string, variables: Variables = {}): Run =>
  run(t, [START], { ...ANONYMOUS, ...variables, PORT: port });

/** Two services that listen. */
async function startPair(t: Test, variables?: Variables): Promise<Pair> {
  const services = [start(t, '0', variables), start(t, '0', variables)];
  const lines = await Promise.all(services.map(({ listening }) => listening));
  return { services, ports: lines.map((line) => new URL(addressIn(line)).port) };
}

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

/** Clients of the old service, and all else that a proxy is to do. */
export function testFront(t: Test, kind: FrontKind, clients: readonly Client[]): void {
  t.test(`${kind.name} passes the whole contract`, { skip: kind.missing }, async (t) => {
    const { ports } = await startPair(t);
    const front = await startFront(t, kind, ports);
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
  });

  t.test(`${kind.name} passes what stands under a prefix`, { skip: kind.missing }, async (t) => {
    const { ports } = await startPair(t, { BASE_PATH: '/pki' });
    const front = await startFront(t, kind, ports, kind.prefixed);
    t.equal((await ask(front, { ...POST, path: '/pki/api/v1/keys/generate' })).status, 200);
    t.equal((await ask(front, { path: '/pki/docs/json' })).status, 200);
    const elsewhere = await ask(front, { path: '/health' });
    await checkProblem(t, elsewhere, 404);
    t.equal(JSON.parse(elsewhere.body).error, 'Endpoint not found');
  });

  t.test(
    `${kind.name} passes on nothing that a client claims of itself`,
    { skip: kind.missing },
    async (t) => {
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
    },
  );

  t.test(`${kind.name} says who asks, whatever they claim`, { skip: kind.missing }, async (t) => {
    const service = start(t, '0', { RATE_LIMIT_PER_HOUR: '5' });
    const { port } = new URL(addressIn(await service.listening));
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

  t.test(`${kind.name} tells what it cannot do as the service would`, { skip: kind.missing }, async (t) => {
    const alone = await startFront(t, kind, [String(await freePort()), String(await freePort())]);
    await checkProblem(t, await ask(alone, { path: '/health' }), kind.unreachable);

    const service = run(t, ['--import', HUNG_ROUTE, START], { ...ANONYMOUS, PORT: '0' });
    const { port } = new URL(addressIn(await service.listening));
    const front = await startFront(t, kind, [port, port], kind.hasty);
    await checkProblem(t, await ask(front, { path: '/health/hung' }), kind.overdue);
  });

  t.test(
    `${kind.name} loses nothing in a rolling restart, and has nothing made twice (T68)`,
    { skip: kind.missing },
    async (t) => {
      const startOne = kind.asksReadiness ? startAlone : startHeld;
      const services = await Promise.all([startOne(t, ANONYMOUS), startOne(t, ANONYMOUS)]);
      const front = await startFront(
        t,
        kind,
        services.map(({ port }) => port),
      );
      const { outcomes, stop } = issuingLoad(t, front, 4);
      for (const service of services) {
        const before = outcomes.size;
        await until(() => outcomes.size >= before + 50);
        await service.restart();
        // A proxy of several processes has then taken it back in each of them.
        await sleep(2500);
      }
      await stop();
      t.same(new Set(outcomes.values()), new Set([200]), 'every request gets 200');
      const { done, twice } = doneIn(await Promise.all(services.map((service) => service.end())));
      t.comment(`T68 ${kind.name}: ${outcomes.size} requests, ${done} keys made, ${twice} of them twice`);
      t.equal(twice, 0, 'no request is executed twice');
      t.equal(done, outcomes.size, 'one key is made for each request');
    },
  );

  t.test(
    `where a service crashes, ${kind.name} has nothing made twice`,
    { skip: kind.missing },
    async (t) => {
      const { services, ports } = await startPair(t);
      const front = await startFront(t, kind, ports);
      const { outcomes, stop } = issuingLoad(t, front, 8);
      await until(() => outcomes.size >= 100);
      services[0]?.kill('SIGKILL');
      const before = outcomes.size;
      await until(() => outcomes.size >= before + 100);
      await stop();
      const failed = [...outcomes.values()].filter((outcome) => outcome !== 200);
      t.ok(failed.length <= 8, 'what was under way is lost, and no more');
      t.same(
        failed.filter((outcome) => !kind.broken.includes(outcome)),
        [],
        'and its clients are told',
      );
      services[1]?.kill('SIGTERM');
      const ends = await Promise.all(services.map(({ end }) => end));
      t.equal(doneIn(ends.map(({ stdout }) => stdout)).twice, 0, 'no request is executed twice');
      t.comment(`${kind.name}: ${failed.length} of ${outcomes.size} requests lost in a crash`);
    },
  );
}
