/** Slow and oversized requests through nginx with the files of deploy/nginx: the service does not see them. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { connect, type TLSSocket } from 'node:tls';
import { ask, NGINX_FRONT, startFront } from '../support/fronts.ts';
import { addressIn, run, START } from '../support/process.ts';
import { openFiles, residentMegabytes } from '../support/process-resources.ts';
import { until } from '../support/until.ts';

const linux = process.platform !== 'linux' && 'only Linux shows what a process has open';
const VARIABLES = { NODE_ENV: 'production', ALLOW_ANONYMOUS: 'true', TRUST_PROXY: '127.0.0.1', PORT: '0' };
const PATH = '/api/v1/certificate/generate';
const CLIENTS = 150;
const LIMIT = 100;

t.test('T63 slow bodies of one client', { skip: NGINX_FRONT.missing || linux }, async (t) => {
  const service = run(t, [START], VARIABLES);
  const { port } = new URL(addressIn(await service.listening));
  const front = await startFront(t, NGINX_FRONT, [port, port]);
  // Another address than that of the slow clients.
  const health = () => ask(front, { path: '/health', localAddress: '127.0.0.2' });
  t.equal((await health()).status, 200);
  const pid = service.pid ?? 0;
  const before = { files: openFiles(pid), memory: residentMegabytes(pid) };

  const sockets = await Promise.all(Array.from({ length: CLIENTS }, () => openSlow(front)));
  t.teardown(() => sockets.forEach(({ socket }) => socket.destroy()));
  const refused = () => sockets.filter(({ received }) => received().startsWith('HTTP/1.1 503 '));
  await until(() => refused().length >= CLIENTS - LIMIT);
  t.equal(
    refused().length,
    CLIENTS - LIMIT,
    'nginx holds 100 requests of one address, and refuses the others',
  );
  t.match(refused()[0]?.received(), '"code":"unavailable"', 'with a problem document');
  for (const { socket } of sockets) if (!socket.destroyed) socket.write(' ');
  t.equal((await health()).status, 200, 'others are served');
  const files = openFiles(pid) - before.files;
  const memory = residentMegabytes(pid) - before.memory;
  t.ok(files <= 4, `${files} more descriptors in the service`);
  t.comment(
    `T63: ${CLIENTS} slow bodies of one address through nginx: ${refused().length} refused, the service has ${files} more descriptors and ${memory} MB more`,
  );

  const tooLong = await ask(
    front,
    { method: 'POST', path: PATH, localAddress: '127.0.0.2' },
    'x'.repeat(300_000),
  );
  t.match(tooLong, { status: 413, body: /"code":"body-too-large"/ });
  const headers = { 'X-Long': 'x'.repeat(40_000) };
  const tooLarge = await ask(front, { path: '/health', headers, localAddress: '127.0.0.2' });
  t.match(tooLarge, { status: 431, body: /"code":"headers-too-large"/ });
});

/** Sends a header that announces a body, and one octet of it. */
async function openSlow({ port, ca }: { readonly port: number; readonly ca: string }) {
  const socket: TLSSocket = connect({
    port,
    host: '127.0.0.1',
    servername: 'localhost',
    ca: readFileSync(ca),
  });
  let text = '';
  socket.on('error', () => {}).on('data', (part) => (text += String(part)));
  await once(socket, 'secureConnect');
  socket.write(
    `POST ${PATH} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
  );
  return { socket, received: () => text };
}
