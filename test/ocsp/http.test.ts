/** OCSP over HTTP: POST and GET, header fields, and what is refused. */

import { hash, randomBytes } from 'node:crypto';
import t from 'tap';
import {
  createAuthority,
  issueCertificate,
  ocspRequest,
  readReply,
  revoke,
  startOcsp,
} from '../support/ocsp.ts';

const { app, url, domain } = await startOcsp(t, { BASE_PATH: '/pki' });
const root = await createAuthority(domain, 'root');
const good = await issueCertificate(domain, root.name);
const revoked = await issueCertificate(domain, root.name);
await revoke(domain, revoked, 1);
const request = ocspRequest(root, [good.serial]);

const REQUEST_TYPE = { 'Content-Type': 'application/ocsp-request' };

async function read(reply: Response) {
  const der = new Uint8Array(await reply.arrayBuffer());
  return { http: reply.status, type: reply.headers.get('content-type'), der, ...readReply(der) };
}

const post = async (body: Uint8Array, path = '', headers: Record<string, string> = REQUEST_TYPE) =>
  fetch(`${url}${path}`, { method: 'POST', body, headers });

const get = async (path: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/${path}`, { headers });

t.test('POST is accepted with and without a slash at the end', async (t) => {
  for (const path of ['', '/']) {
    const { http, type, status, statuses } = await read(await post(request, path));
    t.same([http, type, status, statuses], [200, 'application/ocsp-response', 'successful', ['good']]);
  }
});

t.test('GET is accepted in every spelling of the base64', async (t) => {
  // A serial number for which the base64 has a plus sign, a slash twice, and padding
  const serial = Buffer.from('0ffffbefbeffffffffffffff', 'hex');
  const awkward = Buffer.from(ocspRequest(root, [serial], { digest: 'sha1' })).toString('base64');
  t.match(awkward, /\/\//);
  t.match(awkward, /\+/);
  t.match(awkward, /=$/);
  const spellings = {
    'percent-encoded': encodeURIComponent(awkward),
    'in small letters': encodeURIComponent(awkward).replaceAll(/%../g, (code) => code.toLowerCase()),
    'not encoded': awkward,
    'only the padding encoded': awkward.replaceAll('=', '%3D'),
    'only slashes encoded': awkward.replaceAll('/', '%2F'),
    'without padding': encodeURIComponent(awkward.replaceAll('=', '')),
    'after more slashes': `//${encodeURIComponent(awkward)}`,
    'with line breaks': encodeURIComponent(`${awkward.slice(0, 64)}\r\n${awkward.slice(64)}\n`),
    'with a space for the plus sign': awkward.replaceAll('+', '%20'),
    base64url: awkward.replaceAll('+', '-').replaceAll('/', '_'),
  };
  for (const [name, path] of Object.entries(spellings)) {
    const { status, statuses } = await read(await get(path));
    t.same([status, statuses], ['successful', ['unknown']], name);
  }
  const long = encodeURIComponent(
    Buffer.from(
      ocspRequest(
        root,
        Array.from({ length: 20 }, () => good.serial),
      ),
    ).toString('base64'),
  );
  t.equal((await read(await get(long))).statuses.length, 20, `a path of ${long.length} characters`);
});

t.test('a response about a certificate can be cached until it is renewed', async (t) => {
  const reply = await get(encodeURIComponent(Buffer.from(request).toString('base64')));
  const { der, data } = await read(reply);
  const { headers } = reply;
  t.equal(headers.get('cache-control'), 'max-age=3600, public, no-transform, must-revalidate');
  t.equal(headers.get('etag'), `"${hash('sha256', der, 'hex')}"`);
  const thisUpdate = Buffer.from(data?.producedAt.contents ?? []).toString();
  const modified = new Date(headers.get('last-modified') ?? '');
  t.equal(`${modified.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)}Z`, thisUpdate);
  const expires = new Date(headers.get('expires') ?? '');
  t.equal(expires.getTime() - modified.getTime(), 43_200_000);
});

t.test('a client that has the response gets 304', async (t) => {
  const path = encodeURIComponent(Buffer.from(request).toString('base64'));
  const { headers } = await get(path);
  const etag = headers.get('etag') ?? '';
  const modified = headers.get('last-modified') ?? '';
  const unchanged = await get(path, { 'If-None-Match': `"other", ${etag}` });
  t.same([unchanged.status, unchanged.headers.get('etag')], [304, etag]);
  t.equal((await get(path, { 'If-Modified-Since': modified })).status, 304);
  t.equal((await get(path, { 'If-None-Match': '"other"', 'If-Modified-Since': modified })).status, 200);
  t.equal((await get(path, { 'If-Modified-Since': new Date(0).toUTCString() })).status, 200);
  const ahead = new Date(Date.parse(modified) + 60_000).toUTCString();
  t.equal((await get(path, { 'If-Modified-Since': ahead })).status, 200, 'of a replica whose clock is ahead');
  const head = await fetch(`${url}/${path}`, { method: 'HEAD' });
  t.same([head.status, head.headers.get('etag')], [200, etag]);
});

t.test('a response with a nonce is for one client', async (t) => {
  const nonce = randomBytes(32);
  const reply = await post(ocspRequest(root, [good.serial], { nonce }));
  t.equal(reply.headers.get('cache-control'), 'private, max-age=0, no-transform, must-revalidate');
  t.equal(reply.headers.get('etag'), null);
  const { data } = await read(reply);
  t.same(Buffer.from(data?.extensions[0]?.value ?? []).subarray(2), nonce);
});

t.test('a status that is not known is kept for minutes only', async (t) => {
  const { headers } = await post(ocspRequest(root, [Uint8Array.of(1)]));
  const life = Date.parse(headers.get('expires') ?? '') - Date.parse(headers.get('last-modified') ?? '');
  t.equal(life, 300_000);
  t.match(headers.get('cache-control'), /^max-age=29\d,/);
});

t.test('a request that is not one gets malformedRequest', async (t) => {
  for (const body of [new Uint8Array(), Uint8Array.of(0x30, 0), Buffer.from('GET'), request.subarray(1)]) {
    const reply = await post(body);
    const { http, type, status } = await read(reply);
    t.same([http, type, status], [200, 'application/ocsp-response', 'malformedRequest']);
    t.equal(reply.headers.get('cache-control'), 'no-store');
  }
  for (const path of ['', 'not*base64', 'aGVsbG8=']) {
    const { http, status } = await read(await get(path));
    t.same([http, status], [200, 'malformedRequest'], path);
  }
});

t.test('what HTTP refuses keeps its status, and is an OCSP error too', async (t) => {
  const wrongType = await read(await post(request, '', { 'Content-Type': 'application/json' }));
  t.same(
    [wrongType.http, wrongType.type, wrongType.status],
    [415, 'application/ocsp-response', 'malformedRequest'],
  );
  const long = await read(await post(new Uint8Array(40_000)));
  t.same([long.http, long.status], [413, 'malformedRequest']);
  t.equal((await fetch(url, { method: 'DELETE' })).status, 405);
});

t.test('an issuer that is not here gets unauthorized', async (t) => {
  const other = await createAuthority(domain, 'other');
  const stranger = ocspRequest({ certificate: good.der }, [good.serial]);
  t.equal((await read(await post(stranger))).status, 'unauthorized');
  const elsewhere = await read(await post(ocspRequest(other, [good.serial])));
  t.same(elsewhere.statuses, ['unknown'], 'a certificate of another authority');
});

t.test('a service without a store, and one without OCSP, have no such path', async (t) => {
  for (const environment of [{}, { OCSP_ENABLED: 'false', DATA_DIR: `${t.testdir({})}/data` }]) {
    const { startApp } = await import('../support/service.ts');
    const without = await startApp(t, environment);
    for (const method of ['GET', 'POST'] as const) {
      const reply = await without.inject({
        method,
        url: method === 'GET' ? '/ocsp/MAA=' : '/ocsp',
        headers: { 'content-type': 'application/ocsp-request' },
        ...(method === 'POST' && { payload: Buffer.from(request) }),
      });
      t.equal(reply.statusCode, 404);
      t.equal(reply.json().code, 'not-found');
    }
  }
});

t.test('the metrics count the responses', async (t) => {
  const text = await app.exposition();
  t.match(text, /ocsp_responses_total\{status="successful",source="cache"\} [1-9]/);
  t.match(text, /ocsp_responses_total\{status="successful",source="signed"\} [1-9]/);
  t.match(text, /ocsp_responses_total\{status="unauthorized",source="none"\} 1/);
  t.match(text, /ocsp_certificate_statuses_total\{status="good"\} [1-9]/);
  t.match(text, /ocsp_cache_bytes [1-9]/);
});
