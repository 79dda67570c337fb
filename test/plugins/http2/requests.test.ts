/** Many requests on one connection of HTTP/2 are those of one client, and each is a request like any other. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import t, { type Test } from 'tap';
import { openDomain } from '../../support/domain.ts';
import { buildEdge } from '../../support/edge.ts';
import { frame, frameClient, requestFields, uint32 } from '../../support/frames.ts';
import { askHttp2, openSession } from '../../support/protocols.ts';
import { identityOf, tlsVariables } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

async function start(
  t: Test,
  environment: Readonly<Record<string, string>>,
  addRoutes?: (app: FastifyInstance) => void,
) {
  const edge = await buildEdge(t, { ...tlsVariables(t.testdir({ ...own })), ...environment }, addRoutes);
  await edge.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = edge.app.server.address() as AddressInfo;
  return { ...edge, port, session: openSession(t, port, { ca: own.cert }) };
}

t.test('the rate limit counts each, on however many connections', async (t) => {
  const { port, session } = await start(t, { RATE_LIMIT_PER_HOUR: '20' });
  const other = openSession(t, port, { ca: own.cert });
  const asked = Array.from({ length: 60 }, (_, i) =>
    askHttp2(i % 2 ? session : other, { path: '/api/v1/info' }),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  t.equal(statuses.filter((status) => status === 200).length, 20);
  t.equal(statuses.filter((status) => status === 429).length, 40);
  t.equal((await askHttp2(session, { path: '/health' })).status, 200, 'health does not count');
});

t.test('the log knows the client, and the caller the identifier', async (t) => {
  const { log, session } = await start(t, {});
  const { headers } = await askHttp2(session, {
    path: '/health',
    headers: { 'x-request-id': 'identifier-1' },
  });
  t.equal(headers['x-request-id'], 'identifier-1');
  t.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
  t.match(
    log.find(({ request }) => request === 'identifier-1'),
    { method: 'GET', path: '/health', status: 200, client: '127.0.0.1' },
  );
});

t.test('the handler that takes too long is answered for', async (t) => {
  const { session } = await start(t, {}, (app) =>
    app.get('/hung', { config: { deadline: 50 } }, () => new Promise(() => {})),
  );
  t.equal((await askHttp2(session, { path: '/hung' })).status, 503);
});

t.test('a body that is broken off is not taken for the whole', async (t) => {
  const { port, log } = await start(t, {});
  const line = () => log.find(({ path }) => path === '/api/v1/keys/generate');
  const client = await frameClient(t, port);
  const fields = requestFields('POST', '/api/v1/keys/generate', [['content-type', 'application/json']]);
  client.request(1, fields, 0);
  client.send(frame('DATA', 1, 0, Buffer.from('{}')), frame('PING', 0, 0, Buffer.alloc(8)));
  await client.next('PING');
  client.send(frame('RST_STREAM', 1, 0, uint32(8)));
  while (line() === undefined) await new Promise(setImmediate);
  t.not(line()?.status, 200);
  const audited = log.filter((entry) => entry.log === 'audit');
  t.same(audited, [], 'no key is made');
});

const KEY = 'x'.repeat(100_000);

t.test('the octets of a reply are zeroed after they were sent, and not before', async (t) => {
  const sent: Uint8Array[] = [];
  const { port } = await start(t, {}, (app) =>
    app.get(
      '/key',
      { onSend: async (_request, _reply, payload) => void sent.push(payload as Uint8Array) },
      (_request, reply) => reply.sendSecretJson({ key: new TextEncoder().encode(KEY) }),
    ),
  );
  const client = await frameClient(t, port, { window: 1000 });
  client.send(frame('WINDOW_UPDATE', 0, 0, uint32(2 ** 30)));
  client.request(1, requestFields('GET', '/key'));
  await client.next('DATA', 1);
  t.notOk(
    sent[0]?.every((octet) => octet === 0),
    'while the client has not taken it',
  );
  client.send(frame('WINDOW_UPDATE', 1, 0, uint32(2 ** 30)));
  while (!client.frames.some(({ type, flags }) => type === 'DATA' && flags === 1)) {
    await once(client.socket, 'frame');
  }
  const body = Buffer.concat(
    client.frames.filter(({ type }) => type === 'DATA').map(({ payload }) => payload),
  );
  t.equal(body.toString(), JSON.stringify({ key: Buffer.from(KEY).toString('base64') }));
  while (sent[0]?.some((octet) => octet !== 0)) await new Promise(setImmediate);
  t.ok(sent[0]?.every((octet) => octet === 0));
});
