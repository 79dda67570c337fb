/** Requests that a client sends on one HTTP/1.1 connection before it has the replies (RFC 9112 §9.3.2). */

import { once } from 'node:events';
import { connect } from 'node:tls';
import { text } from 'node:stream/consumers';
import t from 'tap';
import { openDomain } from '../support/domain.ts';
import { bodies, CLOSE, GET, gated, numbers, POST, replies } from '../support/gated.ts';
import { identityOf, serve } from '../support/tls.ts';
import { until } from '../support/until.ts';

t.test('a client that sends ten requests at once gets ten replies in order', async (t) => {
  const { begun, most, open, connect } = await gated(t);
  const { client } = await connect();
  client.send(
    numbers(10)
      .map((n) => GET(`/gated/${n}`, n === '9' ? CLOSE : ''))
      .join(''),
  );
  await until(() => begun.length > 0);
  open();
  t.same(bodies(await client.reply), replies(10));
  t.same(begun, numbers(10));
  t.equal(most(), 1, 'one request of a connection is served at a time');
});

t.test('requests with bodies wait their turn too', async (t) => {
  const { connect } = await gated(t);
  const { client } = await connect();
  for (const n of numbers(20)) {
    const body = JSON.stringify({ n: Number(n) });
    const close = n === '19' ? CLOSE : '';
    client.send(
      `POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${close}Content-Length: ${body.length}\r\n\r\n${body}`,
    );
  }
  t.same(bodies(await client.reply), replies(20));
});

t.test('while requests wait the connection is not read, and it is read when they are served', async (t) => {
  const { open, connect } = await gated(t);
  const { client, socket } = await connect();
  client.send(GET('/gated/0') + GET('/gated/1') + GET('/gated/2'));
  await until(() => socket.isPaused());
  client.send(
    numbers(30)
      .map((n) => GET(`/gated/${Number(n) + 3}`, n === '29' ? CLOSE : ''))
      .join(''),
  );
  open();
  t.same(bodies(await client.reply), replies(33));
});

t.test('a client that sends far more than it may is cut, and no handler runs for the rest', async (t) => {
  const { begun, connect } = await gated(t);
  const { client } = await connect();
  client.send(GET('/gated/0') + GET('/gated/1').repeat(1000));
  t.equal(await client.reply, '');
  t.same(begun, ['0']);
});

t.test('a client that sends on in small parts is not read any more', async (t) => {
  const { begun, connect } = await gated(t);
  const { client, socket } = await connect();
  client.send(GET('/gated/0') + GET('/gated/1'));
  await until(() => socket.isPaused());
  const { bytesRead } = socket;
  client.send(GET('/gated/2').repeat(10_000));
  client.end();
  await until(() => begun.length > 0);
  t.equal(socket.bytesRead, bytesRead);
  t.same(begun, ['0']);
});

t.test('after a reply that closes the connection no further request is served', async (t) => {
  const { begun, connect } = await gated(t);
  const { client } = await connect();
  client.send(GET('/last') + GET('/gated/1'));
  t.match(await client.reply, /the last$/);
  t.same(begun, []);
});

t.test('requests above maxRequestsPerSocket do not pile up', async (t) => {
  const { app, begun, open, connect } = await gated(t);
  app.server.maxRequestsPerSocket = 3;
  const { client } = await connect();
  client.send(
    numbers(1000)
      .map((n) => GET(`/gated/${n}`))
      .join(''),
  );
  t.equal(await client.reply, '', 'cut');
  t.same(begun, ['0']);
  open();
  const next = await connect();
  next.client.send(
    numbers(5)
      .map((n) => GET(`/gated/${n}`))
      .join(''),
  );
  t.same(bodies(await next.client.reply), replies(3));
});

t.test('Expect that cannot be met waits its turn', async (t) => {
  const { open, connect } = await gated(t);
  const { client, socket } = await connect();
  client.send(GET('/gated/0') + GET('/gated/1', 'Expect: tea\r\n'));
  await until(() => socket.isPaused());
  t.equal(client.received, '');
  open();
  t.match(await client.reply, /reply 0.*HTTP\/1\.1 417 /s);
});

t.test('a late header gets its error after the earlier replies', async (t) => {
  const { app, open, connect } = await gated(t);
  const { client, socket } = await connect();
  client.send(`${GET('/gated/0')}${GET('/gated/1')}GET /gated/2 HTTP/1.1\r\nHos`);
  await until(() => socket.isPaused());
  const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
  app.server.emit('clientError', late, socket);
  open();
  const reply = await client.reply;
  t.same(bodies(reply), replies(2));
  t.match(reply, /HTTP\/1\.1 408 [^]*"code":"request-timeout"/);
});

/** Messages that are not served, and the status of their reply. */
const MALFORMED: readonly (readonly [what: string, message: string, status: number])[] = [
  ['no HTTP', 'GARBAGE\r\n\r\n', 400],
  ['an invalid header', 'GET / HTTP/1.1\r\nHo st: a\r\n\r\n', 400],
  ['an invalid chunk', `${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`, 400],
  ['two lengths', `${POST}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`, 400],
  ['a header that is too long', GET('/', `X-A: ${'a'.repeat(20_000)}\r\n`), 431],
  ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
];

for (const [what, message, status] of MALFORMED) {
  t.test(`the error for ${what} follows the replies to earlier requests`, async (t) => {
    const { begun, open, connect } = await gated(t);
    const { client, socket } = await connect();
    client.send(GET('/gated/0') + GET('/gated/1') + message + GET('/gated/2'));
    await until(() => socket.isPaused());
    t.equal(client.received, '');
    open();
    const reply = await client.reply;
    t.match(reply, new RegExp(`reply 0.*reply 1HTTP/1\\.1 ${status} `, 's'));
    t.same(begun, numbers(2), 'nothing after the error is served');
  });
}

t.test('the error for a body replaces the reply to its request', async (t) => {
  const { connect } = await gated(t);
  const { client } = await connect();
  client.send(`${POST}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`);
  t.match(await client.reply, /^HTTP\/1\.1 400 /);
});

t.test('a client that leaves before its error ends no process', async (t) => {
  const { open, connect } = await gated(t);
  for (const message of ['GARBAGE\r\n\r\n', 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n']) {
    const { client, socket } = await connect();
    client.send(GET('/gated/0') + message);
    await until(() => socket.isPaused());
    socket.destroy(new Error('reset'));
    await until(() => socket.closed);
  }
  open();
  const next = await connect();
  next.client.send(GET('/gated/7', CLOSE));
  t.same(bodies(await next.client.reply), ['reply 7']);
});

t.test('a client that leaves while its requests wait leaves nothing behind', async (t) => {
  const { begun, open, connect } = await gated(t);
  const { client, socket } = await connect();
  client.send(GET('/gated/0') + GET('/gated/1'));
  await until(() => socket.isPaused());
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
  open();
  const next = await connect();
  next.client.send(GET('/gated/7', CLOSE));
  t.same(bodies(await next.client.reply), ['reply 7']);
  t.same(begun, ['0', '7']);
});

t.test('all this holds behind TLS', async (t) => {
  const { issuer } = await openDomain(t);
  const { port } = await serve(t, await identityOf(issuer));
  const send = async (requests: string): Promise<string> => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    socket.write(requests);
    return text(socket).catch(() => 'cut');
  };
  const ten = await send(GET('/health').repeat(9) + GET('/health', CLOSE));
  t.equal(ten.match(/HTTP\/1\.1 200 /g)?.length, 10);
  const many = await send(GET('/health').repeat(1000));
  t.ok((many.match(/HTTP\/1\.1 200 /g) ?? []).length <= 1);
});
