/** The files of the documentation come from memory, in the form that the client accepts. */

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import t from 'tap';
import { encodingFor } from '../../../plugins/openapi/accept-encoding.ts';
import { keepFile } from '../../../plugins/openapi/kept-file.ts';
import { ROOT } from '../../../src/base/root.ts';
import { buildEdge, listenRaw } from '../../support/edge.ts';
import { openFiles } from '../../support/process-resources.ts';

const BUNDLE = '/docs/static/swagger-ui-bundle.js';
const original = readFileSync(join(ROOT, 'node_modules/@fastify/swagger-ui/static/swagger-ui-bundle.js'));

const DECODERS = { br: brotliDecompressSync, gzip: gunzipSync, identity: (octets: Buffer) => octets };

t.test('a file is sent in the smallest form that the client accepts', async (t) => {
  const { app } = await buildEdge(t);
  const etags = new Set<unknown>();
  for (const encoding of ['br', 'gzip', 'identity'] as const) {
    const { statusCode, headers, rawPayload } = await app.inject({
      url: BUNDLE,
      headers: { 'accept-encoding': encoding },
    });
    t.equal(statusCode, 200);
    t.match(headers, {
      'content-type': 'application/javascript; charset=utf-8',
      'content-length': String(rawPayload.length),
      vary: 'Accept-Encoding',
      'cache-control': 'public, max-age=0, must-revalidate',
      'content-security-policy': /script-src 'self'/,
    });
    t.equal(headers['content-encoding'], encoding === 'identity' ? undefined : encoding);
    t.equal(hash('sha256', DECODERS[encoding](rawPayload)), hash('sha256', original));
    etags.add(headers.etag);
  }
  t.equal(etags.size, 3, 'each form has an entity tag of its own');
});

t.test('a client that has the file already gets 304 without a body', async (t) => {
  const { app } = await buildEdge(t);
  const ask = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });
  for (const url of [BUNDLE, '/docs/static/logo.svg', '/docs/json', '/docs/yaml']) {
    const { etag = '' } = (await ask(url)).headers;
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const reply = await ask(url, { 'if-none-match': known });
      t.equal(reply.statusCode, 304);
      t.match(reply.headers, { etag, vary: 'Accept-Encoding' });
      t.equal(reply.rawPayload.length, 0);
    }
    t.equal((await ask(url, { 'if-none-match': '"x"' })).statusCode, 200);
    const other = await ask(url, { 'if-none-match': etag, 'accept-encoding': 'br' });
    t.equal(other.statusCode, 200, 'the tag is that of another form');
  }
});

t.test('HEAD returns the fields of GET', async (t) => {
  const { app } = await buildEdge(t);
  for (const url of [BUNDLE, '/docs/static/index.css', '/docs/json']) {
    const headers = { 'accept-encoding': 'gzip' };
    const get = await app.inject({ url, headers });
    const head = await app.inject({ method: 'HEAD', url, headers });
    t.equal(head.statusCode, 200);
    t.equal(head.rawPayload.length, 0);
    for (const name of ['etag', 'content-length', 'content-type', 'content-encoding', 'vary']) {
      t.equal(head.headers[name], get.headers[name], `${name} of ${url}`);
    }
  }
});

t.test('there is no other file behind the path', async (t) => {
  const { app } = await buildEdge(t);
  const paths = [
    '',
    'nothing.js',
    '../package.json',
    '%2e%2e/package.json',
    '..%2fpackage.json',
    '__proto__',
  ];
  for (const path of paths) {
    const { statusCode } = await app.inject(`/docs/static/${path}`);
    t.equal(statusCode, 404, path);
  }
});

t.test('pages of other origins see in Vary that the reply depends on the origin too', async (t) => {
  const { app } = await buildEdge(t, { CORS_ORIGINS: 'https://app.example.com' });
  const { headers } = await app.inject({ url: BUNDLE, headers: { origin: 'https://app.example.com' } });
  t.match(String(headers.vary), /Origin/);
  t.match(String(headers.vary), /Accept-Encoding/);
});

const FIELDS: readonly [field: string | undefined, encoding: string][] = [
  [undefined, 'identity'],
  ['', 'identity'],
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP;q=0.5', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br; q=0.000, *', 'gzip'],
  ['*', 'br'],
  ['*;q=0', 'identity'],
  ['br;q=x', 'identity'],
  ['identity', 'identity'],
];

t.test('Accept-Encoding says which form a client accepts', async (t) => {
  for (const [field, encoding] of FIELDS) t.equal(encodingFor(field), encoding, String(field));
});

t.test('a file is compressed once, and not where that saves nothing', async (t) => {
  const file = keepFile('text/css', original);
  t.equal(await file.representation('br'), await file.representation('br'));
  const short = keepFile('text/css', Buffer.from('body {}'));
  t.equal((await short.representation('br')).encoding, 'identity');
});

const linux = process.platform !== 'linux' && 'only Linux shows what a process has open';

t.test('a request for a file opens no descriptor but its connection', { skip: linux }, async (t) => {
  const { app } = await buildEdge(t);
  const open = await listenRaw(app);
  const before = openFiles(process.pid);
  const readers = Array.from({ length: 10 }, open);
  t.teardown(() => readers.forEach((reader) => reader.close()));
  for (const reader of readers) reader.send(`GET ${BUNDLE} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(5));
  let most = 0;
  await Promise.all(
    readers.map(async (reader) => {
      reader.send('GET /docs/static/index.css HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
      most = Math.max(most, openFiles(process.pid));
      const reply = await reader.reply;
      t.equal(reply.length > 5 * original.length, true);
      most = Math.max(most, openFiles(process.pid));
    }),
  );
  t.ok(most <= before + 2 * readers.length, `${most - before} descriptors for 10 connections`);
});
