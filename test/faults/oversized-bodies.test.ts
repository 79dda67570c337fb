/** T04: a body beyond the limit, or beyond its Content-Length, is refused and stored nowhere. */

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { addressIn, WITHOUT_STORE, run, START } from '../support/process.ts';
import { openFiles, residentMegabytes } from '../support/process-resources.ts';
import { openRaw } from '../support/raw-connection.ts';

// The second test waits for a timeout of 15 seconds.
t.jobs = 2;

const linux = process.platform !== 'linux' && 'only Linux shows the memory of a process';
const HEADER = 'POST /api/v1/keys/generate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const MEGABYTE = ' '.repeat(1_048_576);

/** The pieces that are sent after the header, and the expected status. */
const BODIES: readonly [name: string, fields: string, pieces: readonly string[], status: number][] = [
  ['a length of a gigabyte', 'Content-Length: 1073741824', Array(20).fill(MEGABYTE), 413],
  ['chunks without an end', 'Transfer-Encoding: chunked', Array(20).fill(`100000\r\n${MEGABYTE}\r\n`), 413],
  [
    'one chunk of a gigabyte',
    'Transfer-Encoding: chunked',
    ['40000000\r\n', ...Array<string>(20).fill(MEGABYTE)],
    413,
  ],
  ['endless chunk extensions', 'Transfer-Encoding: chunked', [`1;${'x'.repeat(100_000)}`, MEGABYTE], 413],
  [
    'an endless trailer',
    'Transfer-Encoding: chunked',
    ['0\r\n', ...Array<string>(20).fill(`X: ${'x'.repeat(1_000_000)}\r\n`)],
    431,
  ],
  // The body ends where Content-Length says: the request is served, and the rest is the start of an invalid message.
  ['more than Content-Length says', 'Content-Length: 2', ['{}and more'], 200],
];

t.test(
  'a body that is too long is refused, and the memory of the service does not grow',
  { skip: linux },
  async (t) => {
    const service = run(t, [START], {
      ...WITHOUT_STORE,
      RATE_LIMIT_PER_HOUR: '0',
      RATE_LIMIT_GENERATE_PER_MINUTE: '0',
    });
    const address = addressIn(await service.listening);
    const port = Number(new URL(address).port);
    const pid = service.pid ?? 0;

    /** Sends until a reply arrives. */
    async function send(fields: string, pieces: readonly string[]): Promise<string> {
      const connection = openRaw(port, { lenient: true });
      connection.send(`${HEADER}${fields}\r\n\r\n`);
      for (const piece of pieces) {
        connection.send(piece);
        await sleep(20);
        if (connection.received !== '') break;
      }
      await Promise.race([connection.reply, sleep(20_000, undefined, { ref: false })]);
      connection.close();
      return connection.received;
    }

    for (const [, fields, pieces] of BODIES) await send(fields, pieces);
    const before = { memory: residentMegabytes(pid), files: openFiles(pid) };
    let highest = 0;
    for (const [name, fields, pieces, status] of BODIES) {
      const replies = await Promise.all(Array.from({ length: 10 }, () => send(fields, pieces)));
      highest = Math.max(highest, residentMegabytes(pid) - before.memory);
      // If the reply arrives before everything is sent, the connection may be reset before the reply is read.
      const answers = replies.filter((reply) => reply !== '');
      for (const answer of answers) t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), name);
      t.comment(`T04: ${name}: ${answers.length} of 10 answered with ${status}`);
    }
    t.ok(highest < 150, `${highest} MB`);
    t.equal((await fetch(`${address}/health`)).status, 200);
    t.comment(`T04: ${BODIES.length * 10} bodies of up to 20 MB: +${highest} MB at most`);
  },
);

t.test('a body that is shorter than its Content-Length ends in a timeout', async (t) => {
  const service = run(t, [START], WITHOUT_STORE);
  const connection = openRaw(Number(new URL(addressIn(await service.listening)).port));
  connection.send(`${HEADER}Content-Length: 1000\r\n\r\n{}`);
  t.match(await connection.reply, /^HTTP\/1\.1 408 /);
});
