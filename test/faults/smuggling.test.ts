/** T12: a proxy and the service behind it find the same end of each message. */

import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { buildEdge, type Edge } from '../support/edge.ts';
import { startHaproxy } from '../support/haproxy.ts';
import { startNginx } from '../support/nginx.ts';
import { openRaw } from '../support/raw-connection.ts';
import { haproxyMissing, nginxMissing } from '../support/services.ts';
import { until } from '../support/until.ts';

const SMUGGLED = 'GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n';
const HEX = SMUGGLED.length.toString(16);

const post = (fields: string, body: string, version = '1.1'): string =>
  `POST /attack HTTP/${version}\r\nHost: a\r\nContent-Type: application/json\r\n${fields}\r\n\r\n${body}`;
/** The body ends at once for a parser of chunks, and after the smuggled request for a parser that counts octets. */
const both = (length: string, coding: string): string =>
  post(`${length}\r\n${coding}`, `0\r\n\r\n${SMUGGLED}`);
const long = `Content-Length: ${SMUGGLED.length + 5}`;
const chunked = 'Transfer-Encoding: chunked';
const inChunk = `${HEX}\r\n${SMUGGLED}\r\n0\r\n\r\n`;

const SHAPES: Readonly<Record<string, string>> = {
  'Content-Length, then chunked': both(long, chunked),
  'chunked, then Content-Length': both(chunked, long),
  'a short Content-Length, and chunks': post(`Content-Length: 4\r\n${chunked}`, inChunk),
  'two Content-Lengths': post(`Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}`, SMUGGLED),
  'a list of Content-Lengths': post(`Content-Length: 0, ${SMUGGLED.length}`, SMUGGLED),
  'the same Content-Length twice': post('Content-Length: 0\r\nContent-Length: 0', SMUGGLED),
  'a signed Content-Length': post(`Content-Length: +${SMUGGLED.length}`, SMUGGLED),
  'a negative Content-Length': post('Content-Length: -1', SMUGGLED),
  'a hexadecimal Content-Length': post(`Content-Length: 0x${HEX}`, SMUGGLED),
  'a Content-Length beyond 64 bits': post('Content-Length: 18446744073709551616', SMUGGLED),
  'a space before the colon': both(long, 'Transfer-Encoding : chunked'),
  'a tab before the value': both(long, 'Transfer-Encoding:\tchunked'),
  'a vertical tab before the value': both(long, 'Transfer-Encoding:\vchunked'),
  'a NUL after the value': both(long, 'Transfer-Encoding: chunked\0'),
  'an unknown coding': both(long, 'Transfer-Encoding: xchunked'),
  'quotes around the coding': both(long, 'Transfer-Encoding: "chunked"'),
  'chunked, then identity': both(long, 'Transfer-Encoding: chunked, identity'),
  'chunked twice': both(long, 'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked'),
  'two codings in two fields': both(long, 'Transfer-Encoding: chunked\r\nTransfer-Encoding: x'),
  'an underscore in the name': both(long, 'Transfer_Encoding: chunked'),
  'a folded coding': both(long, 'Transfer-Encoding:\r\n chunked'),
  'a bare line feed before the field': post(`X: 1\n${chunked}\r\n${long}`, `0\r\n\r\n${SMUGGLED}`),
  'a bare carriage return in a field': post(`X: 1\r${chunked}\r\n${long}`, `0\r\n\r\n${SMUGGLED}`),
  'a coding in HTTP/1.0': post(`${long}\r\n${chunked}`, `0\r\n\r\n${SMUGGLED}`, '1.0'),
  'a coding that Connection names': both(long, `${chunked}\r\nConnection: Transfer-Encoding`),
  'a length that Connection names': post(`${long}\r\nConnection: Content-Length`, `0\r\n\r\n${SMUGGLED}`),
  'a chunk size with 0x': post(chunked, `0x${HEX}\r\n${SMUGGLED}\r\n0\r\n\r\n`),
  'a chunk size of 17 digits': post(chunked, `1${'0'.repeat(16)}\r\n${SMUGGLED}`),
  'a chunk extension with a bare line feed': post(chunked, `0;x\n\r\n\r\n${SMUGGLED}`),
  'a chunk that ends in a line feed': post(chunked, `1\r\n{\n0\r\n\r\n${SMUGGLED}`),
  'chunks that end in line feeds': post(chunked, `0\n\n${SMUGGLED}`),
  'a trailer with a length': post(chunked, `0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`),
  'a body of GET': `GET /attack HTTP/1.1\r\nHost: a\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n${SMUGGLED}`,
  'two Hosts': `GET /attack HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n${SMUGGLED}`,
  'another host in the URL': `GET http://b/attack HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`,
  'a line break in the URL': `GET /attack\rX HTTP/1.1\r\nHost: a\r\n\r\n${SMUGGLED}`,
  'HTTP/0.9': `GET /attack\r\n\r\n${SMUGGLED}`,
  'an upgrade': `GET /attack HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n${SMUGGLED}`,
  'an expectation': post(`Expect: 100-continue\r\nContent-Length: 0`, SMUGGLED),
};

/**
 * Sends each shape on its own connection, and then a valid request on another connection. Returns how many of the valid
 * requests got a wrong reply.
 */
async function attack(front: string): Promise<number> {
  const port = Number(new URL(front).port);
  let astray = 0;
  for (const [i, message] of Object.values(SHAPES).entries()) {
    const connection = openRaw(port, { lenient: true });
    connection.send(message);
    await Promise.race([until(() => connection.received !== ''), connection.reply, sleep(300)]);
    await sleep(20);
    const id = `right-request-${i}`;
    const reply = await fetch(`${front}/api/v1/info`, { headers: { 'X-Request-Id': id } });
    const info = (await reply.json()) as { readonly version?: unknown };
    if (reply.headers.get('x-request-id') !== id || typeof info.version !== 'string') astray += 1;
    connection.close();
  }
  return astray;
}

/** Returns the requests in the log of the service. */
const servedBy = ({ log }: Edge): readonly string[] =>
  log.filter(({ path }) => path !== undefined).map(({ method, path }) => `${String(method)} ${String(path)}`);

/** Returns the items that are in the first list more often than in the second. */
function surplus(these: readonly string[], those: readonly string[]): readonly string[] {
  const rest = [...those];
  return these.filter((entry) => {
    const at = rest.indexOf(entry);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

async function listen(t: Test) {
  const edge = await buildEdge(t, { LOG_LEVEL: 'info' });
  await edge.app.listen({ host: '127.0.0.1', port: 0 });
  return { edge, port: String((edge.app.server.address() as AddressInfo).port) };
}

const COUNT = Object.keys(SHAPES).length;

async function judge(t: Test, front: string, edge: Edge, forwarded: () => readonly string[]): Promise<void> {
  const astray = await attack(front);
  t.equal(astray, 0, 'each valid request got its own reply');
  const served = servedBy(edge);
  await until(() => surplus(served, forwarded()).length === 0).catch(() => {});
  const desync = surplus(served, forwarded());
  t.same(desync, [], 'the service served only requests that the proxy logged');
  t.equal(
    served.filter((request) => request === 'GET /api/v1/info').length,
    COUNT,
    'the log has the request',
  );
  const smuggled = served.filter((request) => request === 'GET /smuggled').length;
  t.comment(
    `T12: ${COUNT} shapes through ${t.name}: ${astray + desync.length} with a wrong reply, ${smuggled} that both read as two requests`,
  );
}

/** Returns lines of method, URL and server, without requests that were not forwarded. */
const sentOn = (lines: readonly string[], none: RegExp): readonly string[] =>
  lines.filter((line) => !none.test(line)).map((line) => pathOnly(line));

/** The service reads the path of an absolute URL. */
const pathOnly = (line: string): string => {
  const [method = '', url = ''] = line.split(' ');
  return `${method} ${url.replace(/^http:\/\/[^/]+/, '')}`;
};

t.test('nginx', { skip: nginxMissing }, async (t) => {
  const { edge, port } = await listen(t);
  const log = join(t.testdir({}), 'access.log');
  const front = await startNginx(t, [port], log);
  await judge(t, front, edge, () => sentOn(readFileSync(log, 'latin1').split('\n').slice(0, -1), / -$/));
});

t.test('HAProxy', { skip: haproxyMissing }, async (t) => {
  const { edge, port } = await listen(t);
  const { url, log } = await startHaproxy(t, port);
  await judge(t, url, edge, () => sentOn(log(), / <NOSRV>$/));
});

/** Shapes that are two messages by RFC 9112: a valid one, and the one after it. */
const PAIRS = ['an expectation', 'another host in the URL'];

t.test('without a proxy, the service reads a second message only after a valid one', async (t) => {
  const { edge, port } = await listen(t);
  const pairs: string[] = [];
  for (const [name, message] of Object.entries(SHAPES)) {
    const before = servedBy(edge).length;
    const connection = openRaw(Number(port), { lenient: true });
    connection.send(message);
    connection.end();
    await connection.reply;
    if (servedBy(edge).slice(before).includes('GET /smuggled')) pairs.push(name);
  }
  t.same(pairs.toSorted(), PAIRS.toSorted());
  t.comment(`T12: ${COUNT} shapes direct: ${pairs.length} read as two requests, as RFC 9112 requires`);
});
