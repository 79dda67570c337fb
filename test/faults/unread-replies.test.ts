/**
 * Clients that send many requests and read no reply (T03): memory and descriptors stay bounded, and others are served.
 */

import { connect } from 'node:net';
import t from 'tap';
import { openDomain } from '../support/domain.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../support/process.ts';
import { openSockets, residentMegabytes } from '../support/process-resources.ts';
import { findProgram } from '../../scripts/find-program.ts';
import { missing } from '../support/services.ts';
import { get, identityOf, tlsVariables } from '../support/tls.ts';
import { askUnread, type Protocol } from '../support/unread.ts';

const linux = process.platform !== 'linux' && 'only Linux shows what a process has open';
const prlimit = findProgram('prlimit');
const skip = linux || (prlimit === undefined && missing('prlimit is not installed'));

const FILE = '/docs/static/swagger-ui-bundle.js';
const KEYS = { API_KEYS: 'a-key-that-has-at-least-32-characters' };
const CONNECTIONS = 20;
/**
 * A service that has just started may grow by this much, because it allocates buffers at its first reads: 55 MB on a
 * quiet machine, 81 MB on a loaded one. Before the mending it grew by 600 MB and more.
 */
const MEGABYTES = 160;

const ATTACKS: readonly [protocol: Protocol, path: string, requests: number][] = [
  ['http/1.1', FILE, 1000],
  ['http/1.1', FILE, 20],
  ['http/1.1', '/docs/json', 20],
  ['http/1.1', '/health', 20],
  ['http/1.1', '/nowhere', 1000],
  ['https', FILE, 1000],
  ['https', FILE, 20],
  ['h2', FILE, 100],
  ['h2, window 0', FILE, 100],
];

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

for (const [protocol, path, requests] of ATTACKS) {
  t.test(`${protocol}: ${requests} unread replies of ${path} are cheap`, { skip }, async (t) => {
    const secure = protocol !== 'http/1.1';
    const env = { ...WITHOUT_STORE, ...KEYS, ...(secure && tlsVariables(t.testdir({ ...own }))) };
    // With so few descriptors the service would end if each request opened a file.
    const service = run(t, ['--nofile=100', process.execPath, START], env, { node: prlimit ?? '' });
    const { origin, port: text } = new URL(addressIn(await service.listening));
    const port = Number(text);
    const health = async (): Promise<number | undefined> =>
      secure
        ? (await get({ port, path: '/health', ca: own.cert, agent: false })).status
        : (await fetch(`${origin}/health`, { headers: { Connection: 'close' } })).status;
    t.equal(await health(), 200);
    const pid = service.pid ?? 0;
    const before = { files: openSockets(pid), memory: residentMegabytes(pid) };
    const { close } = await askUnread(t, { protocol, port, path, connections: CONNECTIONS, requests });
    for (let i = 0; i < 20; i++) t.equal(await health(), 200);
    const files = openSockets(pid) - before.files;
    const grown = residentMegabytes(pid) - before.memory;
    close();
    t.equal(await health(), 200);
    t.same(service.lines('"level":60'), [], 'nothing was fatal');
    t.ok(files <= CONNECTIONS + 2, `${files} sockets`);
    t.ok(grown <= MEGABYTES, `${grown} MB`);
    t.comment(
      `T03: ${CONNECTIONS} connections, ${protocol}, ${requests} of ${path} unread: +${files} sockets, +${grown} MB`,
    );
  });
}

t.test('a client that reads slowly but steadily gets all of a large reply', async (t) => {
  const service = run(t, [START], WITHOUT_STORE);
  const socket = connect(Number(new URL(addressIn(await service.listening)).port), '127.0.0.1');
  socket.write(`GET ${FILE} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  let octets = 0;
  let head = '';
  for await (const chunk of socket) {
    if (octets === 0) head = String(chunk).split('\r\n\r\n', 1)[0] ?? '';
    octets += chunk.length;
    // The event loop runs other tasks between two reads.
    await new Promise(setImmediate);
  }
  const [, length = ''] = /content-length: (\d+)/i.exec(head) ?? [];
  t.equal(octets, Number(length) + head.length + 4);
});
