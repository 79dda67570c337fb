/** What connection-close.ts depends on in Node's HTTP server, over TCP and over TLS. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import t, { type Test } from 'tap';
import { onEarlyClose } from '../../../plugins/node-internals/connection-close.ts';
import { openDomain } from '../../support/domain.ts';
import { identityOf } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

/** Replies at once to /early, and to other requests when their body has arrived. */
function reply(request: IncomingMessage, response: ServerResponse): void {
  const { parser } = request.socket as Socket & { parser?: { incoming?: unknown } };
  const isAsExpected = parser?.incoming === request;
  response.writeHead(200, { Connection: 'close' });
  if (request.url === '/early') response.end(String(isAsExpected));
  else request.on('end', () => response.end()).resume();
}

async function exchange(t: Test, server: Server, event: string, path: string, body: string) {
  const early: Socket[] = [];
  server.on(event, (socket: Socket) =>
    onEarlyClose(socket, (closing) => {
      early.push(closing);
      closing.end();
    }),
  );
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const { port } = server.address() as AddressInfo;
  const client =
    event === 'connection'
      ? connect(port, '127.0.0.1')
      : connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false });
  client.write(`POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n${body}`);
  let text = '';
  client.setEncoding('latin1').on('data', (part: string) => (text += part));
  await once(client, 'close');
  return { text, early: early.length };
}

for (const [event, create] of [
  ['connection', () => createServer(reply)],
  ['secureConnection', () => createTlsServer(own, reply)],
] as const) {
  t.test(`an early close is detected, by ${event}`, async (t) => {
    const { text, early } = await exchange(t, create(), event, '/early', 'half');
    t.match(
      text,
      /\r\ntrue\r\n/,
      `Node ${process.version} has no socket.parser.incoming: see connection-close.ts`,
    );
    t.equal(early, 1, `Node ${process.version} does not call socket.destroySoon: see connection-close.ts`);
  });

  t.test(`after a complete request, the connection closes as Node.js closes it, by ${event}`, async (t) => {
    const { text, early } = await exchange(t, create(), event, '/', '0123456789');
    t.match(text, /^HTTP\/1\.1 200 OK/);
    t.equal(early, 0);
  });
}
