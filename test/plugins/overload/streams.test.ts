/** Long replies: few at a time, fewer for one client, and a place is free again when the reply ends or its client leaves. */

import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import t from 'tap';
import { keyFile, makeKey } from '../../support/api-keys.ts';
import { buildEdge } from '../../support/edge.ts';
import { until } from '../../support/until.ts';

const KEYS = ['first', 'second', 'third'].map((name) => makeKey(['certs:read'], { name }));

t.test('a client gets two long replies at a time, and all clients four', async (t) => {
  const bodies: PassThrough[] = [];
  const environment = { API_KEYS_FILE: keyFile(t, ...KEYS.map(({ key }) => key)).path };
  const { app } = await buildEdge(t, environment, (app) => {
    app.get('/long', { config: { stream: true, scope: 'certs:read' } }, (_request, reply) => {
      const body = new PassThrough();
      bodies.push(body);
      body.write('a');
      return reply.send(body);
    });
  });
  t.teardown(() => bodies.forEach((body) => body.destroy()));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const ask = async (client: number): Promise<IncomingMessage> => {
    const headers = { 'x-api-key': KEYS[client]?.text ?? '' };
    const request = get({ port, host: '127.0.0.1', path: '/long', headers, agent: false });
    const [reply] = (await once(request, 'response')) as [IncomingMessage];
    return reply.resume().on('error', () => {});
  };
  const statuses = async (...clients: number[]): Promise<(number | undefined)[]> => {
    const replies = [];
    for (const client of clients) replies.push((await ask(client)).statusCode);
    return replies;
  };

  t.same(await statuses(0, 0, 0), [200, 200, 503], 'one client has two');
  t.same(await statuses(1, 1, 2), [200, 200, 503], 'all clients have four');
  const refused = await ask(2);
  t.match(refused, { statusCode: 503, headers: { 'retry-after': '10' } });
  t.match(await app.exposition(), /^requests_shed_total\{reason="streams"\} 3$/m);

  bodies[0]?.end();
  await until(async () => (await ask(2)).statusCode === 200);
  const last = await ask(2);
  t.equal(last.statusCode, 503, 'the place was free once');

  bodies[1]?.destroy();
  await until(async () => (await ask(0)).statusCode === 200);
});

t.test('a client that leaves before its reply begins takes no place', async (t) => {
  const waiting: (() => void)[] = [];
  let left = 0;
  const { app } = await buildEdge(
    t,
    { API_KEYS_FILE: keyFile(t, ...KEYS.map(({ key }) => key)).path },
    (app) => {
      app.get(
        '/late',
        {
          config: { stream: true, scope: 'certs:read' },
          async onRequest(_request, reply) {
            const closed = once(reply.raw, 'close');
            waiting.shift()?.();
            await closed;
          },
          onSend: async () => void (left += 1),
        },
        async () => 'late',
      );
      app.get('/long', { config: { stream: true, scope: 'certs:read' } }, async () => 'long');
    },
  );
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const headersOf = (client: number) => ({ 'x-api-key': KEYS[client]?.text ?? '' });
  for (const [i, client] of [0, 0, 1, 1].entries()) {
    const arrived = new Promise<void>((resolve) => waiting.push(resolve));
    const request = get({
      port,
      host: '127.0.0.1',
      path: '/late',
      agent: false,
      headers: headersOf(client),
    }).on('error', () => {});
    await arrived;
    request.socket?.resetAndDestroy();
    await until(() => left === i + 1);
  }
  t.equal((await fetch(`http://127.0.0.1:${port}/long`, { headers: headersOf(2) })).status, 200);
});
