/** Which peers may forward the address of a client: real connections, from several addresses of this machine. */

import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { buildEdge } from '../../support/edge.ts';
import { startNginx } from '../../support/nginx.ts';
import { nginxMissing } from '../../support/services.ts';

/** The client and the address that the service uses for a request. */
interface Seen {
  readonly ip: string;
  readonly protocol: string;
  readonly host: string;
}

interface Asked {
  readonly status: number;
  readonly seen: Seen;
}

/** Listens. Returns a function that sends a request from an address of this machine. */
async function listen(t: Test, trusted: string, hourly = 0) {
  const environment = { TRUST_PROXY: trusted, RATE_LIMIT_PER_HOUR: String(hourly) };
  const { app } = await buildEdge(t, environment, (app) => {
    app.get('/seen', async ({ ip, protocol, host }) => ({ ip, protocol, host }));
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { port, ask: asker(port) };
}

/** Returns a function that sends a request to a port, each on its own connection. */
const asker =
  (port: number) =>
  async (localAddress: string, headers: Record<string, string> = {}): Promise<Asked> => {
    const sent = request({ host: '127.0.0.1', port, path: '/seen', localAddress, headers, agent: false });
    sent.end();
    const [reply] = await once(sent, 'response');
    return { status: reply.statusCode, seen: (await json(reply)) as Seen };
  };

type Ask = ReturnType<typeof asker>;

/** Returns how many of `count` requests were served, each with another forwarded address. */
async function servedWhileSpoofing(ask: Ask, from: string, count: number, proxy = ''): Promise<number> {
  let served = 0;
  for (let i = 0; i < count; i++) {
    const { status } = await ask(from, { 'X-Forwarded-For': `203.0.113.${i}${proxy}` });
    if (status === 200) served++;
  }
  return served;
}

t.test('without trusted proxies a client is counted by its own address, whatever it forwards', async (t) => {
  for (const trusted of ['', '127.0.0.9', '127.0.0.128/25,10.0.0.0/8', 'fd00::/8']) {
    const { ask } = await listen(t, trusted, 5);
    t.equal(await servedWhileSpoofing(ask, '127.0.0.2', 20), 5, `TRUST_PROXY=${trusted}`);
    t.equal((await ask('127.0.0.3')).status, 200, 'another client is not held for it');
  }
});

t.test(
  'behind a proxy that adds the address that it sees, what a client claims does not count',
  async (t) => {
    for (const trusted of ['127.0.0.9', '127.0.0.8/31']) {
      const { ask } = await listen(t, trusted, 5);
      t.equal(await servedWhileSpoofing(ask, '127.0.0.9', 20, ', 198.51.100.7'), 5, `TRUST_PROXY=${trusted}`);
      t.equal((await ask('127.0.0.9', { 'X-Forwarded-For': '198.51.100.8' })).status, 200);
    }
  },
);

t.test('forwarded fields are used from a trusted proxy, and ignored from others', async (t) => {
  const forwarded = {
    Host: 'service.internal',
    'X-Forwarded-For': '198.51.100.7',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'pki.example',
    Forwarded: 'for=198.51.100.9;proto=https;host=other.example',
  };
  const { ask } = await listen(t, '127.0.0.9');
  t.same((await ask('127.0.0.9', forwarded)).seen, {
    ip: '198.51.100.7',
    protocol: 'https',
    host: 'pki.example',
  });
  t.same((await ask('127.0.0.2', forwarded)).seen, {
    ip: '127.0.0.2',
    protocol: 'http',
    host: 'service.internal',
  });
});

t.test('a request with an invalid forwarded address counts for the proxy', async (t) => {
  const { ask } = await listen(t, '127.0.0.9', 2);
  const statusOf = async (claimed: string) => (await ask('127.0.0.9', { 'X-Forwarded-For': claimed })).status;
  const statuses = [await statusOf('unknown'), await statusOf('x'.repeat(9000)), await statusOf('1.2.3')];
  t.same(statuses, [200, 200, 429]);
  t.equal(await statusOf('2001:db8::1'), 200);
  t.equal(await statusOf('2001:db8::2'), 200, 'the same /64');
  t.equal(await statusOf('2001:db8::3'), 429);
  t.equal(await statusOf('::ffff:198.51.100.7'), 200);
  t.equal(await statusOf('198.51.100.7'), 200, 'the same address');
  t.equal(await statusOf('::FFFF:c633:6407'), 429);
});

t.test(
  'behind nginx a client with forged addresses gets its own limit, and no other client is affected',
  { skip: nginxMissing },
  async (t) => {
    const service = await listen(t, '127.0.0.1', 5);
    const address = await startNginx(t, [String(service.port)]);
    const ask = asker(Number(new URL(address).port));
    t.equal(await servedWhileSpoofing(ask, '127.0.0.2', 20), 5);
    t.equal(await servedWhileSpoofing(ask, '127.0.0.2', 20, ', 127.0.0.1'), 0, 'as if the proxy had said it');
    const honest = await ask('127.0.0.3', {
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'evil.example',
    });
    t.same(honest, { status: 200, seen: { ip: '127.0.0.3', protocol: 'http', host: '127.0.0.1' } });
  },
);
