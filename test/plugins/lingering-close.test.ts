/** Replies that are sent while the client is still sending its request. */

import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { connect as secureConnect } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Environment } from '../../src/config/load.ts';
import { openDomain } from '../support/domain.ts';
import { startApp } from '../support/service.ts';
import { identityOf, tlsVariables } from '../support/tls.ts';

const domain = await openDomain(t);

async function serve(t: Test, environment: Environment = {}): Promise<number> {
  const app = await startApp(t, { RATE_LIMIT_PER_HOUR: '0', ...environment });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

const HEAD = [
  'POST /api/v1/keys/generate HTTP/1.1',
  'Host: localhost',
  'Connection: close',
  'Content-Type: application/json',
  'Content-Length: 400000',
  '\r\n',
].join('\r\n');
const PIECE = ' '.repeat(40_000);

/** Sends everything in pieces before it reads one octet, as a busy proxy can do. */
async function sendAll(socket: Socket): Promise<string> {
  let answer = '';
  socket.setEncoding('latin1').write(HEAD);
  for (let i = 0; i < 10; i++) {
    await sleep(10);
    socket.write(PIECE);
  }
  socket.on('data', (text: string) => (answer += text));
  await once(socket, 'close');
  return answer;
}

t.test('a client that continues to send gets its reply', async (t) => {
  const port = await serve(t);
  for (let i = 0; i < 5; i++) {
    const socket = connect(port, '127.0.0.1');
    t.match(await sendAll(socket), /^HTTP\/1\.1 413 [^]*"body-too-large"/);
  }
});

t.test('over TLS, a client that continues to send gets its reply', async (t) => {
  const own = await identityOf(domain.issuer);
  const port = await serve(t, tlsVariables(t.testdir({ ...own })));
  const socket = secureConnect({ port, host: '127.0.0.1', servername: 'localhost', ca: own.cert });
  await once(socket, 'secureConnect');
  t.match(await sendAll(socket), /^HTTP\/1\.1 413 [^]*"body-too-large"/);
});

t.test('octets after the reply are not parsed as a request', async (t) => {
  const port = await serve(t);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }).setEncoding('latin1');
  let answers = '';
  socket.on('data', (text: string) => (answers += text));
  const closed = once(socket, 'close');
  socket.write(HEAD);
  await once(socket, 'end');
  socket.end(`${' '.repeat(400_000)}GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n`);
  await closed;
  t.match(answers, /^HTTP\/1\.1 413 /);
  t.equal(answers.split('HTTP/1.1 ').length, 2);
});

t.test('the connection of a client that never stops sending is closed', async (t) => {
  const port = await serve(t);
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const closed = once(socket, 'close').catch(() => 'reset');
  socket.resume().write(HEAD);
  await once(socket, 'end');
  const sending = setInterval(() => socket.write('  '), 50);
  t.teardown(() => clearInterval(sending));
  await closed;
  t.ok(socket.destroyed);
});
