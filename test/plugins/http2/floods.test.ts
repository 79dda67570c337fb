/** Floods of HTTP/2 (T13), against the service as a process of its own: memory flat, and others served meanwhile. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import t from 'tap';
import { openDomain } from '../../support/domain.ts';
import {
  END_HEADERS,
  END_STREAM,
  frame,
  frameClient,
  headerBlock,
  requestFields,
  uint32,
  type FrameClient,
} from '../../support/frames.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../../support/process.ts';
import { residentMegabytes } from '../../support/process-resources.ts';
import { askHttp2, openSession } from '../../support/protocols.ts';
import { identityOf, tlsVariables } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);
const UNLIMITED = { RATE_LIMIT_PER_HOUR: '0', RATE_LIMIT_GENERATE_PER_MINUTE: '0' };
const service = run(t, [START], {
  ...WITHOUT_STORE,
  ...tlsVariables(t.testdir({ ...own })),
  ...UNLIMITED,
});
const port = Number(new URL(addressIn(await service.listening)).port);

const memory = (): number => residentMegabytes(service.pid ?? 0);

/** More than the service may grow by: what is read at once by a process that has just begun. */
const MEGABYTES = 40;

/** Odd, each once. */
const stream = (i: number): number => 2 * i + 1;

const header = (id: number, block: Buffer, flags = END_STREAM | END_HEADERS): Buffer =>
  frame('HEADERS', id, flags, block);

const GET = headerBlock(requestFields());
const POST = headerBlock(
  requestFields('POST', '/api/v1/keys/generate', [['content-type', 'application/json']]),
);

const times = (count: number, part: (i: number) => Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, (_, i) => part(i)));

interface Flood {
  readonly first?: Buffer;
  /** What is sent again and again. */
  readonly next: (i: number) => Buffer;
  readonly isRead?: boolean;
}

const repeated = (part: Buffer): Flood['next'] => {
  const octets = times(500, () => part);
  return () => octets;
};

const unknown = frame('PING', 0, 0, Buffer.alloc(1000));
unknown.writeUInt8(0xfa, 3);

/** A field of 3,900 octets, remembered by both sides, and then a request of so many octets that names it ever again. */
const remembered = Buffer.concat([Buffer.from([0x40]), headerBlock([['x', 'x'.repeat(3900)]]).subarray(1)]);
const bomb = Buffer.concat([GET, Buffer.alloc(12_000, 0xbe)]);

const FLOODS: Readonly<Record<string, Flood>> = {
  PING: { next: repeated(frame('PING', 0, 0, Buffer.alloc(8))) },
  'PING whose answers are not read': { next: repeated(frame('PING', 0, 0, Buffer.alloc(8))), isRead: false },
  SETTINGS: { next: repeated(frame('SETTINGS', 0)) },
  'SETTINGS whose answers are not read': { next: repeated(frame('SETTINGS', 0)), isRead: false },
  PRIORITY: { next: repeated(frame('PRIORITY', 1, 0, Buffer.alloc(5, 1))) },
  WINDOW_UPDATE: { next: repeated(frame('WINDOW_UPDATE', 0, 0, uint32(1))) },
  'frames of no known type': { next: repeated(unknown) },
  'DATA without octets': { first: header(1, POST, END_HEADERS), next: repeated(frame('DATA', 1)) },
  'DATA of padding alone': {
    first: header(1, POST, END_HEADERS),
    next: repeated(frame('DATA', 1, 8, Buffer.concat([Buffer.from([100]), Buffer.alloc(100)]))),
  },
  'DATA for a request that is over': {
    first: header(1, GET),
    next: repeated(frame('DATA', 1, 0, Buffer.alloc(10))),
  },
  CONTINUATION: {
    first: header(1, GET, END_STREAM),
    next: () => frame('CONTINUATION', 1, 0, headerBlock([['x', 'y']])),
  },
  'CONTINUATION without octets': {
    first: header(1, GET, END_STREAM),
    next: repeated(frame('CONTINUATION', 1)),
  },
  'requests that are reset at once': {
    next: (n) =>
      times(50, (i) =>
        Buffer.concat([
          header(stream(n * 50 + i), GET),
          frame('RST_STREAM', stream(n * 50 + i), 0, uint32(8)),
        ]),
      ),
  },
  'more requests than may be under way': {
    next: (n) => times(1000, (i) => header(stream(n * 1000 + i), POST)),
  },
  'headers that grow when they are unpacked': {
    first: header(1, Buffer.concat([GET, remembered])),
    next: (n) => header(stream(n + 1), bomb),
  },
  'headers that are too long': {
    next: (n) =>
      Buffer.concat([
        header(stream(n), GET, END_STREAM),
        frame('CONTINUATION', stream(n), END_HEADERS, headerBlock([['x', 'x'.repeat(16_300)]])),
      ]),
  },
  'requests that are malformed': {
    next: (n) =>
      times(50, (i) =>
        header(stream(n * 50 + i), headerBlock(requestFields('GET', '/health', [['connection', 'close']]))),
      ),
  },
  'windows that are too large': { next: () => frame('WINDOW_UPDATE', 0, 0, uint32(2 ** 31 - 1)) },
};

const drained = (socket: TLSSocket): Promise<void> =>
  new Promise((resolve) => socket.once('drain', () => resolve()));

/** At most so many octets, and so many seconds. */
async function flood({ socket, closed }: FrameClient, next: Flood['next']): Promise<void> {
  for (let i = 0; !socket.destroyed && socket.bytesWritten < 100_000_000; i++) {
    if (!socket.write(next(i)))
      await Promise.race([drained(socket), closed, sleep(10_000, undefined, { ref: false })]);
  }
}

for (const [name, { first, next, isRead = true }] of Object.entries(FLOODS)) {
  t.test(`${name}: the connection is cut, and others are served`, async (t) => {
    const other = openSession(t, port, { ca: own.cert });
    t.equal((await askHttp2(other, { path: '/health' })).status, 200);
    const before = memory();
    const client = await frameClient(t, port);
    const begun = performance.now();
    if (first !== undefined) client.send(first);
    if (!isRead) client.socket.pause();
    const done = flood(client, next);
    t.equal((await askHttp2(other, { path: '/health' })).status, 200, 'another client is served meanwhile');
    await done;
    client.socket.resume();
    await client.closed;
    const seconds = ((performance.now() - begun) / 1000).toFixed(2);
    const growth = memory() - before;
    t.ok(growth < MEGABYTES, `${growth} MB`);
    t.equal((await askHttp2(other, { path: '/health' })).status, 200);
    const sent = (client.socket.bytesWritten / 1e6).toFixed(2);
    t.comment(
      `T13: ${name}: cut after ${seconds} s and ${sent} MB, RSS ${growth < 0 ? '' : '+'}${growth.toFixed(1)} MB`,
    );
  });
}
