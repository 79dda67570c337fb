/** How long a client may take over HTTP/2 (T01–T03), and what it is told. */

import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { PROTOCOLS } from '../../../plugins/node-internals/alpn.ts';
import { serveHttp2 } from '../../../plugins/http2/serving.ts';
import type { TimeLimits } from '../../../plugins/http2/time-limits.ts';
import { openDomain } from '../../support/domain.ts';
import {
  END_HEADERS,
  END_STREAM,
  errorCode,
  frame,
  frameClient,
  headerBlock,
  requestFields,
  uint32,
  type FrameClient,
} from '../../support/frames.ts';
import { identityOf, serve } from '../../support/tls.ts';
import { until } from '../../support/until.ts';

// They wait for limits of up to 15 seconds.
t.jobs = 5;

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

const NO_ERROR = 0;
const CANCEL = 8;
const ENHANCE_YOUR_CALM = 11;

const POST = requestFields('POST', '/api/v1/keys/generate', [['content-type', 'application/json']]);

/** Sends octet after octet, ten in a second, for as long as the connection stands. */
function trickle(t: Test, { socket }: FrameClient, next: (i: number) => Buffer): void {
  let i = 0;
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer);
    else socket.write(next(i++));
  }, 100);
  t.teardown(() => clearInterval(timer));
}

const said = async ({ closed, frames }: FrameClient): Promise<readonly number[]> => {
  await closed;
  return frames.filter(({ type }) => type === 'GOAWAY').map(errorCode);
};

t.test('the service does not wait for a request longer than over HTTP/1.1', async (t) => {
  const { port, log } = await serve(t, own);
  const clients = await Promise.all(Array.from({ length: 5 }, () => frameClient(t, port)));
  const [silent, unfinished, slow, body, unread] = clients as [
    FrameClient,
    FrameClient,
    FrameClient,
    FrameClient,
    FrameClient,
  ];
  const begun = performance.now();
  const seconds = (): string => `${((performance.now() - begun) / 1000).toFixed(1)} s`;
  const long = requestFields('GET', '/health', [['x', 'x'.repeat(1000)]]);
  const header = frame('HEADERS', 1, END_STREAM | END_HEADERS, headerBlock(long));

  trickle(t, silent, () => frame('PING', 0, 0, Buffer.alloc(8)));
  unfinished.send(frame('HEADERS', 1, END_STREAM, headerBlock(requestFields().slice(0, 2))));
  slow.send(header.subarray(0, 20));
  trickle(t, slow, (i) => header.subarray(20 + i, 21 + i));
  body.request(1, POST, 0);
  trickle(t, body, () => frame('DATA', 1, 0, Buffer.from(' ')));
  unread.request(1, requestFields(), 0);
  trickle(t, unread, () => frame('DATA', 1, 0, Buffer.from(' ')));

  t.equal(errorCode(await unread.next('RST_STREAM', 1)), NO_ERROR, 'a body that no route reads is not taken');
  t.ok(
    unread.frames.some(({ type, flags }) => type === 'DATA' && flags === END_STREAM),
    'and its request is answered',
  );

  t.same(await said(silent), [NO_ERROR]);
  t.comment(`T01: without a request, whatever else comes: closed after ${seconds()}`);
  t.same(await said(unfinished), [ENHANCE_YOUR_CALM]);
  t.same(await said(slow), [ENHANCE_YOUR_CALM]);
  t.comment(`T01: header that does not end, or trickles: cut after ${seconds()}`);

  const { payload } = await body.next('DATA', 1);
  t.match(JSON.parse(payload.toString()), { status: 408, code: 'request-timeout' });
  t.equal(errorCode(await body.next('RST_STREAM', 1)), NO_ERROR);
  t.comment(`T02: body that trickles: 408 after ${seconds()}`);
  t.match(
    log.find(({ path }) => path === '/api/v1/keys/generate'),
    { status: 408, problem: 'request-timeout', client: '127.0.0.1' },
  );
});

const SHORT: TimeLimits = { header: 60_000, body: 60_000, reply: 1000, idle: 1000, farewell: 1000 };

/** A server of its own with short limits, which answers each request with so many octets. */
async function serveShort(t: Test, limits: Partial<TimeLimits>, octets: number) {
  const https = createServer({ ...own, ALPNProtocols: PROTOCOLS });
  const http2 = serveHttp2(https, { bodyLimit: 1000, timeLimits: { ...SHORT, ...limits } });
  http2.server.on('request', (_request, response) => response.end(Buffer.alloc(octets)));
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  const closed = once(https, 'close');
  t.teardown(() => {
    http2.leave();
    https.close();
  });
  return { https, closed, port: (https.address() as AddressInfo).port };
}

t.test('a reply that the client does not read is aborted', async (t) => {
  const { port } = await serveShort(t, { idle: 60_000 }, 20_000);
  const client = await frameClient(t, port, { window: 0 });
  client.request(1, requestFields());
  t.equal(errorCode(await client.next('RST_STREAM', 1)), CANCEL);
  t.same(await said(client), [NO_ERROR], 'the connection serves nothing more');
});

t.test('what else is under way on that connection is served to its end', async (t) => {
  const { port } = await serveShort(t, { idle: 60_000 }, 20_000);
  const client = await frameClient(t, port, { window: 0 });
  client.request(1, requestFields());
  client.request(3, requestFields());
  client.send(frame('WINDOW_UPDATE', 3, 0, uint32(20_000)));
  t.equal(errorCode(await client.next('RST_STREAM', 1)), CANCEL);
  t.same(await said(client), [NO_ERROR]);
  const taken = client.frames.filter(({ type, stream }) => type === 'DATA' && stream === 3);
  t.equal(
    taken.reduce((sum, { payload }) => sum + payload.length, 0),
    20_000,
  );
});

t.test('a reply that is taken slowly but steadily arrives whole', async (t) => {
  const { port } = await serveShort(t, { reply: 60_000 }, 200_000);
  const client = await frameClient(t, port, { window: 1000 });
  client.request(1, requestFields());
  trickle(t, client, () =>
    Buffer.concat([
      frame('WINDOW_UPDATE', 0, 0, uint32(10_000)),
      frame('WINDOW_UPDATE', 1, 0, uint32(10_000)),
    ]),
  );
  await until(() => client.frames.some(({ type, flags }) => type === 'DATA' && flags === END_STREAM));
  const octets = client.frames.filter(({ type }) => type === 'DATA').map(({ payload }) => payload.length);
  t.equal(
    octets.reduce((sum, length) => sum + length, 0),
    200_000,
  );
});

t.test('a reply that is taken octet by octet is given up too', async (t) => {
  const { port } = await serveShort(t, { idle: 60_000 }, 20_000);
  const client = await frameClient(t, port, { window: 1 });
  client.request(1, requestFields());
  trickle(t, client, () => frame('WINDOW_UPDATE', 1, 0, uint32(1)));
  t.equal(errorCode(await client.next('RST_STREAM', 1)), CANCEL);
});

t.test('between requests a connection is closed, whatever is sent on it', async (t) => {
  const { port } = await serveShort(t, {}, 10);
  const client = await frameClient(t, port);
  client.request(1, requestFields());
  trickle(t, client, () => frame('SETTINGS', 0));
  t.same(await said(client), [NO_ERROR]);
  t.ok(client.frames.some(({ type, flags }) => type === 'DATA' && flags === END_STREAM));
});

const PING = frame('PING', 0, 0, Buffer.alloc(8));

t.test('a connection on which nothing comes but PING is closed early', async (t) => {
  const { port } = await serveShort(t, { idle: 60_000 }, 10);
  const client = await frameClient(t, port);
  client.request(1, requestFields());
  trickle(t, client, () => PING);
  t.same(await said(client), [NO_ERROR]);
});

t.test('a client that pings now and then goes on', async (t) => {
  const { port } = await serveShort(t, { idle: 60_000 }, 10);
  const client = await frameClient(t, port);
  for (let stream = 1; stream < 40; stream += 2) {
    client.send(PING, PING, PING);
    client.request(stream, requestFields());
    t.ok(await client.next('DATA', stream));
  }
});

t.test('who neither reads nor leaves is cut', async (t) => {
  const { https, closed, port } = await serveShort(t, {}, 3_000_000);
  const client = await frameClient(t, port, { window: 2 ** 31 - 1 });
  client.send(frame('WINDOW_UPDATE', 0, 0, uint32(2 ** 30)));
  for (let stream = 1; stream < 20; stream += 2) client.request(stream, requestFields());
  client.socket.pause();
  https.close();
  await closed;
  t.notOk(client.socket.destroyed, 'the client holds on, and the service does not');
});
