/** Messages of HTTP/2 that no client that is well made sends, or that two servers may read in two ways (T12, T14). */

import type { IncomingMessage } from 'node:http';
import t, { type Test } from 'tap';
import { openDomain } from '../../support/domain.ts';
import {
  END_HEADERS,
  END_STREAM,
  errorCode,
  frame,
  frameClient,
  headerBlock,
  requestFields,
  type Fields,
  type FrameClient,
} from '../../support/frames.ts';
import { identityOf, serve } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const { port } = await serve(t, await identityOf(issuer));

/** RFC 9113 §7. */
const PROTOCOL_ERROR = 1;
const ENHANCE_YOUR_CALM = 11;

const without = (name: string, more: Fields = []): Fields =>
  [...requestFields(), ...more].filter(([field]) => field !== name);

const field = (name: string, value: string): Fields => requestFields('GET', '/health', [[name, value]]);

/** Sends one request whose header is whole. Answers the status, the code that its stream is reset with, or that the connection ended. */
async function outcome(t: Test, fields: Fields, body?: string): Promise<string> {
  const client = await frameClient(t, port);
  client.request(1, fields, body === undefined ? END_STREAM : 0);
  if (body !== undefined) client.send(frame('DATA', 1, END_STREAM, Buffer.from(body)));
  return outcomeOf(client);
}

async function outcomeOf(client: FrameClient): Promise<string> {
  const frames = [client.next('HEADERS', 1), client.next('RST_STREAM', 1)];
  const first = await Promise.race(frames).catch(() => undefined);
  if (first === undefined) return 'cut';
  if (first.type === 'RST_STREAM') return `reset ${errorCode(first)}`;
  return `status ${statusOf(first.payload)}`;
}

/** Of a header block that begins with :status, in Huffman coding or not (RFC 7541 §6.1, appendices A and B). */
function statusOf(block: Buffer): number {
  const indexed = [200, 204, 206, 304, 400, 404, 500][block.readUInt8(0) - 0x88];
  if (indexed !== undefined) return indexed;
  const digits = block.subarray(2, 2 + (block.readUInt8(1) & 0x7f));
  if ((block.readUInt8(1) & 0x80) === 0) return Number(digits.toString());
  return Number(huffmanDigits(digits));
}

/** RFC 7541, appendix B: 0, 1 and 2 have five bits, the other digits six. */
function huffmanDigits(octets: Buffer): string {
  let bits = [...octets].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  let digits = '';
  while (digits.length < 3) {
    const short = parseInt(bits.slice(0, 5), 2);
    digits += short < 3 ? short : parseInt(bits.slice(0, 6), 2) - 0x16;
    bits = bits.slice(short < 3 ? 5 : 6);
  }
  return digits;
}

const json = (more: Fields = []): Fields =>
  requestFields('POST', '/api/v1/keys/generate', [['content-type', 'application/json'], ...more]);

const CASES: readonly (readonly [name: string, fields: Fields, outcome: string, body?: string])[] = [
  ['a request', requestFields(), 'status 200'],
  ['Host as :authority', field('host', 'localhost'), 'status 200'],
  ['Host in other letters, with the port that is meant', field('host', 'LOCALHOST:443'), 'status 200'],
  ['Host in place of :authority', without(':authority', [['host', 'localhost']]), 'status 200'],
  ['another Host', field('host', 'evil'), 'status 400'],
  ['another port', field('host', 'localhost:8443'), 'status 400'],
  [
    'two Hosts',
    requestFields('GET', '/health', [
      ['host', 'localhost'],
      ['host', 'localhost'],
    ]),
    'reset 1',
  ],
  ['a user', [...without(':authority'), [':authority', 'me@localhost']], 'reset 1'],
  ['neither Host nor :authority', without(':authority'), 'reset 1'],
  ['an empty :authority', [...without(':authority'), [':authority', '']], 'reset 1'],
  ['no :method', without(':method'), 'reset 1'],
  ['no :path', without(':path'), 'reset 1'],
  ['no :scheme', without(':scheme'), 'reset 1'],
  ['an empty :path', [...without(':path'), [':path', '']], 'reset 1'],
  ['a :path that is no path', [...without(':path'), [':path', 'health']], 'reset 1'],
  ['a pseudo-header field twice', [...requestFields(), [':path', '/livez']], 'reset 1'],
  ['one behind a field', [...without(':path'), ['x', '1'], [':path', '/health']], 'reset 1'],
  ['one that is none', [[':x', '1'], ...requestFields()], 'reset 1'],
  ['one of replies', [[':status', '200'], ...requestFields()], 'reset 1'],
  ['one of another protocol', [[':protocol', 'websocket'], ...requestFields('CONNECT')], 'reset 1'],
  ['Connection', field('connection', 'close'), 'reset 1'],
  ['Keep-Alive', field('keep-alive', 'timeout=5'), 'reset 1'],
  ['Proxy-Connection', field('proxy-connection', 'close'), 'reset 1'],
  ['Transfer-Encoding', field('transfer-encoding', 'chunked'), 'reset 1'],
  ['Upgrade', field('upgrade', 'h2c'), 'reset 1'],
  ['TE that is not trailers', field('te', 'gzip'), 'reset 1'],
  ['TE: trailers', field('te', 'trailers'), 'status 200'],
  ['a name with capitals', field('X-Capital', '1'), 'reset 1'],
  [
    'two Content-Lengths',
    json([
      ['content-length', '2'],
      ['content-length', '2'],
    ]),
    'reset 1',
    '{}',
  ],
  ['a signed Content-Length', json([['content-length', '+2']]), 'reset 1', '{}'],
  [
    'CONNECT',
    [
      [':method', 'CONNECT'],
      [':authority', 'a:443'],
    ],
    'status 405',
  ],
  ['TRACE', requestFields('TRACE'), 'status 405'],
  ['a method that is none', requestFields('FOO'), 'status 400'],
  ['an expectation that is none', json([['expect', 'tea']]), 'status 417', '{}'],
  ['a header of 17 kB', field('x', 'x'.repeat(16_300)), `reset ${ENHANCE_YOUR_CALM}`],
  [
    '96 fields',
    requestFields(
      'GET',
      '/health',
      Array.from({ length: 96 }, () => ['x', '1'] as const),
    ),
    'status 200',
  ],
  [
    '97 fields',
    requestFields(
      'GET',
      '/health',
      Array.from({ length: 97 }, () => ['x', '1'] as const),
    ),
    'status 431',
  ],
  [
    '200 fields',
    requestFields(
      'GET',
      '/health',
      Array.from({ length: 200 }, () => ['x', '1'] as const),
    ),
    `reset ${ENHANCE_YOUR_CALM}`,
  ],
];

t.test('a message is read as one thing or refused', async (t) => {
  for (const [name, fields, expected, body] of CASES) t.equal(await outcome(t, fields, body), expected, name);
});

t.test('a body is as long as Content-Length says', async (t) => {
  for (const [length, expected] of [
    ['2', 'status 400'],
    ['3', `reset ${PROTOCOL_ERROR}`],
    ['1', 'cut'],
  ] as const) {
    const fields: Fields = [
      ['content-type', 'application/json'],
      ['content-length', length],
    ];
    t.equal(await outcome(t, requestFields('POST', '/api/v1/csr/inspect', fields), '{}'), expected, length);
  }
});

t.test('fields behind the body change nothing', async (t) => {
  const client = await frameClient(t, port);
  client.request(1, requestFields('POST', '/nowhere', [['trailer', 'host']]), 0);
  client.send(frame('HEADERS', 1, END_STREAM | END_HEADERS, headerBlock([['host', 'evil']])));
  t.equal(await outcomeOf(client), 'status 404');
});

t.test('a field that is none is never seen', async (t) => {
  const fields: Fields = [
    ['x y', '1'],
    ['x:y', '1'],
    ['x-lines', '1\r\nx-smuggled: 1'],
    ['x-nul', '\0'],
    ['x-spaces', ' 1 '],
    ['x-api-key', 'k\n'],
    ['x-good', '1'],
  ];
  let seen: readonly string[] = [];
  const { app, port } = await serve(t, await identityOf(issuer));
  app.server.on('request', ({ headers }: IncomingMessage) => {
    seen = Object.keys(headers).filter((name) => name.startsWith('x'));
  });
  const client = await frameClient(t, port);
  client.request(1, requestFields('GET', '/health', fields));
  t.equal(await outcomeOf(client), 'status 200');
  t.same(seen, ['x-good']);
});
