/** HTTP messages that no route receives, or that two parsers can read differently (T12, T14), sent as octets. */

import t from 'tap';
import { buildEdge, rawClient } from '../support/edge.ts';

const { app } = await buildEdge(t);
const send = await rawClient(app);

const LINES = '\r\n\r\n';
const get = (fields: string): string => `GET /health HTTP/1.1\r\n${fields}\r\nConnection: close${LINES}`;
const post = (fields: string, body = ''): string =>
  `POST /api/v1/keys/generate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n${fields}${LINES}${body}`;

/** Returns header fields: `count` with Host and Connection. */
const fields = (count: number): string => `Host: a${'\r\nX: 1'.repeat(count - 2)}`;

interface Problem {
  readonly status: number;
  readonly code: string;
}

/** Returns the header and the problem document of the only reply. */
function parse(reply: string): { readonly head: string; readonly problem: Problem } {
  const [head = '', body = ''] = reply.split(LINES);
  return { head, problem: JSON.parse(body) };
}

t.test('a valid request is served, also in HTTP/1.0 and with an absolute URL', async (t) => {
  for (const message of [
    get('Host: a'),
    get(fields(100)),
    `GET http://a/health HTTP/1.1\r\nHost: a\r\nConnection: close${LINES}`,
    `GET /health HTTP/1.0${LINES}`,
  ]) {
    t.match(await send(message), /^HTTP\/1\.1 200 OK\r\n[^]*\{"status":"healthy"/);
  }
});

const REFUSED: readonly [name: string, message: string, status: number, code: string][] = [
  ['no Host', get('X: 1'), 400, 'invalid-message'],
  ['two Hosts', get('Host: a\r\nHost: b'), 400, 'invalid-message'],
  ['the same Host twice', get('Host: a\r\nhost: a'), 400, 'invalid-message'],
  ['HTTP/0.9', `GET /health${LINES}`, 400, 'invalid-message'],
  ['HTTP/3.0', `GET /health HTTP/3.0\r\nHost: a${LINES}`, 400, 'invalid-message'],
  ['an unknown method', `FOO /health HTTP/1.1\r\nHost: a${LINES}`, 400, 'invalid-message'],
  ['TLS on a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'invalid-message'],
  [
    'Content-Length and Transfer-Encoding',
    post('Content-Length: 3\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
    400,
    'invalid-message',
  ],
  ['two Content-Lengths', post('Content-Length: 2\r\nContent-Length: 3', '{}'), 400, 'invalid-message'],
  ['the same Content-Length twice', post('Content-Length: 2, 2', '{}'), 400, 'invalid-message'],
  ['a signed Content-Length', post('Content-Length: +2', '{}'), 400, 'invalid-message'],
  ['chunked not last', post('Transfer-Encoding: chunked, identity', '0\r\n\r\n'), 400, 'invalid-message'],
  ['an odd chunk size', post('Transfer-Encoding: chunked', '0x2\r\n{}\r\n0\r\n\r\n'), 400, 'invalid-message'],
  ['a space before the colon', get('Host: a\r\nX : 1'), 400, 'invalid-message'],
  ['a folded field', get('Host: a\r\nX: 1\r\n 2'), 400, 'invalid-message'],
  ['a bare CR', get('Host: a\r\nX: 1\rY: 2'), 400, 'invalid-message'],
  ['a NUL in a field', get('Host: a\r\nX: \0'), 400, 'invalid-message'],
  ['a field without a name', get('Host: a\r\n: 1'), 400, 'invalid-message'],
  ['a header of 17 kB', get(`Host: a\r\nX: ${'x'.repeat(17_000)}`), 431, 'headers-too-large'],
  [
    'a bad escape in the path',
    `GET /%zz HTTP/1.1\r\nHost: a\r\nConnection: close${LINES}`,
    400,
    'invalid-message',
  ],
  ['TRACE', `TRACE /health HTTP/1.1\r\nHost: a\r\nConnection: close${LINES}`, 405, 'method-not-allowed'],
  ['CONNECT', `CONNECT a:443 HTTP/1.1\r\nHost: a${LINES}`, 405, 'method-not-allowed'],
  [
    'PUT',
    `PUT /health HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\nConnection: close${LINES}`,
    405,
    'method-not-allowed',
  ],
  ['OPTIONS *', `OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close${LINES}`, 404, 'not-found'],
  ['another expectation', post('Expect: tea\r\nContent-Length: 2', '{}'), 417, 'expectation-failed'],
];

t.test('an invalid message gets one problem document, and the connection is closed', async (t) => {
  for (const [name, message, status, code] of REFUSED) {
    const { head, problem } = parse(await send(message));
    t.match(head, new RegExp(`^HTTP/1\\.1 ${status} `), name);
    t.match(head, /\r\nContent-Type: application\/problem\+json; charset=utf-8(\r\n|$)/i);
    t.match(head, /\r\nConnection: close(\r\n|$)/i);
    t.match(head, /\r\nX-Content-Type-Options: nosniff(\r\n|$)/i);
    t.match(head, /\r\nDate: \w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT(\r\n|$)/i);
    t.match(head, status === 405 ? /\r\nAllow: (GET, HEAD)/i : /^/);
    t.match(problem, { status, code });
  }
});

t.test('a request after a malformed one is not served', async (t) => {
  const smuggled = await send(
    `${post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n')}${get('Host: a')}`,
  );
  t.equal(smuggled.match(/HTTP\/1\.1 /g)?.length, 1);
  t.notMatch(smuggled, 'healthy');
});

t.test('a header that never ends gets a timeout', async (t) => {
  const { head, problem } = parse(await send('GET /health HTTP/1.1\r\nHost: a\r\n'));
  t.match(head, /^HTTP\/1\.1 408 /);
  t.match(problem, { status: 408, code: 'request-timeout' });
});
