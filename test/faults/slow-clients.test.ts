/** Slow clients that keep a connection open (T01, T02, T03), and clients that send too much (T04). */

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { addressIn, WITHOUT_STORE, run, START } from '../support/process.ts';
import { openSockets, residentMegabytes } from '../support/process-resources.ts';
import { openRaw, type RawConnection } from '../support/raw-connection.ts';
import { until } from '../support/until.ts';

t.jobs = 4;

const UNLIMITED = { ...WITHOUT_STORE, RATE_LIMIT_PER_HOUR: '0', RATE_LIMIT_GENERATE_PER_MINUTE: '0' };

const service = run(t, [START], UNLIMITED);
const port = Number(new URL(addressIn(await service.listening)).port);

const HEADER = 'POST /api/v1/keys/generate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

/** Sends one of the `octets` every 100 milliseconds until the connection closes. Returns the seconds until then. */
async function trickle(connection: RawConnection, octets: string): Promise<number> {
  const begin = performance.now();
  for (let i = 0; !connection.closed; i++) {
    connection.send(octets[i % octets.length] ?? '');
    await sleep(100);
  }
  return (performance.now() - begin) / 1000;
}

/**
 * Opens `count` connections that send slowly after the same first octets. Returns their replies, and the seconds until
 * the last one closed.
 */
async function hold(count: number, beginning: string, octets: string) {
  const connections = Array.from({ length: count }, () => openRaw(port, { lenient: true }));
  for (const connection of connections) connection.send(beginning);
  const seconds = await Promise.all(connections.map((connection) => trickle(connection, octets)));
  const replies = await Promise.all(connections.map(({ reply }) => reply));
  return { replies, last: Math.max(...seconds).toFixed(1) };
}

t.test('a connection is closed if its header arrives too slowly', async (t) => {
  const { replies, last } = await hold(50, 'GET /health HTTP/1.1\r\nHost: a\r\nX: ', 'x');
  for (const reply of replies) t.match(reply, /^HTTP\/1\.1 408 [^]*"code":"request-timeout"/);
  t.comment(`T01: the last of ${replies.length} slow headers closed after ${last} s`);
});

t.test('a connection is closed if its body arrives too slowly, also in chunks', async (t) => {
  const counted = hold(25, `${HEADER}Content-Length: 100000\r\n\r\n`, ' ');
  const chunked = hold(25, `${HEADER}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n');
  for (const { replies, last } of await Promise.all([counted, chunked])) {
    for (const reply of replies) t.match(reply, /^HTTP\/1\.1 408 /);
    t.comment(`T02: the last of ${replies.length} slow bodies closed after ${last} s`);
  }
});

const linux = process.platform !== 'linux' && 'only Linux shows what a process has open';

t.test(
  'the connection of a client that does not read is closed, and takes little memory until then',
  { skip: linux },
  async (t) => {
    const { pid = 0, listening } = run(t, [START], UNLIMITED);
    const url = addressIn(await listening);
    t.equal((await fetch(`${url}/health`, { headers: { Connection: 'close' } })).status, 200);
    // The connection of the first request can still be one of these files.
    const before = { files: openSockets(pid), memory: residentMegabytes(pid) };
    const begin = performance.now();
    const readers = Array.from({ length: 10 }, () => openRaw(Number(new URL(url).port), { lenient: true }));
    for (const reader of readers) {
      reader.pause();
      // 28 MB: more than the buffers of both ends can store.
      reader.send('GET /docs/static/swagger-ui-bundle.js HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(20));
    }
    await until(() => openSockets(pid) >= before.files + readers.length - 1);
    await sleep(2000);
    const grown = residentMegabytes(pid) - before.memory;
    t.ok(grown < 100, `${grown} MB`);
    await until(() => openSockets(pid) <= before.files, 90);
    const seconds = ((performance.now() - begin) / 1000).toFixed(1);
    for (const reader of readers) reader.close();
    t.comment(
      `T03: the last of ${readers.length} clients that do not read closed after ${seconds} s, at +${grown} MB`,
    );
  },
);
