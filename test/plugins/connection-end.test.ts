/** How an HTTP/1.1 connection ends: by the client, by too many requests, by an offer of another protocol. */

import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import t from 'tap';
import { openDomain } from '../support/domain.ts';
import { bodies, GET, gated, numbers, POST, replies } from '../support/gated.ts';
import { identityOf, serve } from '../support/tls.ts';
import { until } from '../support/until.ts';

t.test('of the requests that arrive with one too many, few are parsed', async (t) => {
  const { app, connect } = await gated(t);
  let parsed = 0;
  app.server.prependListener('request', () => (parsed += 1));
  const { client } = await connect();
  client.send(GET('/gated/0').repeat(1500));
  await client.reply;
  t.ok(parsed < 100, `at most 33 requests and the rest of a read, got ${parsed}`);
});

t.test('a client that has ended its side gets all replies', async (t) => {
  const { begun, open, connect } = await gated(t);
  const { client, socket } = await connect();
  client.send(
    numbers(5)
      .map((n) => GET(`/gated/${n}`))
      .join(''),
  );
  client.end();
  await until(() => begun.length > 0);
  open();
  t.same(bodies(await client.reply), replies(5));
  await until(() => socket.closed);
});

t.test('a client that ends its side in the middle of a body gets an error', async (t) => {
  const { connect } = await gated(t);
  const { client } = await connect();
  client.send(`${POST}Content-Length: 100\r\n\r\n{"n":`);
  client.end();
  t.match(await client.reply, /^HTTP\/1\.1 400 /);
});

t.test('the reply to a request that offers another protocol closes the connection', async (t) => {
  const { begun, open, connect } = await gated(t);
  const { client } = await connect();
  open();
  client.send(GET('/gated/0', 'Connection: Upgrade\r\nUpgrade: h2c\r\n') + GET('/gated/1'));
  const reply = await client.reply;
  t.match(reply, /^HTTP\/1\.1 200 [^]*connection: close[^]*reply 0$/i);
  t.same(begun, ['0'], 'the second request is lost, and the client can see that');
});

t.test('over TLS, a client that has ended its side gets all replies', async (t) => {
  const { issuer } = await openDomain(t);
  const { port } = await serve(t, await identityOf(issuer));
  const place = { port, host: '127.0.0.1', rejectUnauthorized: false, allowHalfOpen: true };
  const socket = connect(place);
  await once(socket, 'secureConnect');
  socket.end(GET('/health').repeat(3));
  const replied = await text(socket);
  t.equal(replied.match(/HTTP\/1\.1 200 /g)?.length, 3, replied);
});

for (const protocol of ['http/1.1', 'h2'])
  t.test(`a client of ${protocol} that ends its side without a request is closed`, async (t) => {
    const { issuer } = await openDomain(t);
    const { port } = await serve(t, await identityOf(issuer));
    const place = { port, host: '127.0.0.1', rejectUnauthorized: false, allowHalfOpen: true };
    const socket = connect({ ...place, ALPNProtocols: [protocol] });
    await once(socket, 'secureConnect');
    socket.resume().end();
    await once(socket, 'close');
    t.equal(socket.alpnProtocol, protocol);
  });
