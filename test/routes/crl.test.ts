/** CRLs and CA certificates over HTTP, without authentication: conditional requests, and a store that cannot be used. */

import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import t from 'tap';
import { storeUnavailable } from '../../src/storage/unavailable.ts';
import { keyFile, makeKey } from '../support/api-keys.ts';
import { changeStore } from '../support/authority-service.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { startApp } from '../support/service.ts';
import { succeeding } from '../support/until.ts';

const PUBLIC_URL = 'http://pki.example.com/pki';
const { key, text } = makeKey(['authorities:manage', 'certs:issue', 'certs:read', 'metrics:read'], {
  name: 'admin',
});
const file = keyFile(t, key);
const app = await startApp(t, {
  DATA_DIR: join(t.testdirName, 'data'),
  API_KEYS_FILE: file.path,
  BASE_PATH: '/pki',
  PUBLIC_URL,
  CRL_DELAY: '1',
});
const admin = { 'X-API-Key': text };

const post = (url: string, payload: object) =>
  succeeding(async () => {
    const reply = await app.inject({ method: 'POST', url: `/pki/api/v1${url}`, headers: admin, payload });
    if (reply.statusCode !== 201) throw new Error(reply.body);
    return reply.json();
  });

const get = (url: string, headers: Record<string, string> = {}) => app.inject({ url, headers });

const authority = await post('/authorities', {
  name: 'root-1',
  subject: '/CN=Root',
  key_algorithm: 'ml-dsa-44',
});
const keyId: string = authority.keys[0].id;
const CRL = `/pki/crl/${keyId}.crl`;
const ISSUER = `/pki/issuers/${keyId}.cer`;

const issue = (members: object = {}) =>
  post('/authorities/root-1/certificates', {
    subject: '/CN=a.example',
    san: ['DNS:a.example'],
    key_algorithm: 'ml-dsa-44',
    ...members,
  });

const published = () =>
  succeeding(async () => {
    const reply = await get(CRL);
    if (reply.statusCode !== 200) throw new Error(reply.body);
    return reply;
  });

t.test('a CRL is published soon after its authority is made', async (t) => {
  const { headers } = await published();
  t.equal(headers['content-type'], 'application/pkix-crl');
  t.match(headers.etag, /^"[\da-f]{64}"$/);
  t.match(headers['cache-control'], /^public, max-age=604\d{3}, no-transform$/);
  t.equal(headers['content-length'], String((await published()).rawPayload.length));
});

t.test('conditional requests', async (t) => {
  const { headers } = await published();
  const etag = String(headers.etag);
  const modified = String(headers['last-modified']);
  const earlier = new Date(Date.parse(modified) - 1000).toUTCString();
  const rows: readonly (readonly [headers: Record<string, string>, status: number])[] = [
    [{}, 200],
    [{ 'if-none-match': etag }, 304],
    [{ 'if-none-match': `W/${etag}` }, 304],
    [{ 'if-none-match': `"other", ${etag}` }, 304],
    [{ 'if-none-match': '*' }, 304],
    [{ 'if-none-match': '"other"' }, 200],
    [{ 'if-modified-since': modified }, 304],
    [{ 'if-modified-since': earlier }, 200],
    [{ 'if-modified-since': 'yesterday' }, 200],
    [{ 'if-none-match': '"other"', 'if-modified-since': modified }, 200],
    [{ 'if-none-match': etag, 'if-modified-since': earlier }, 304],
    [{ accept: 'text/html' }, 200],
  ];
  for (const [given, status] of rows)
    for (const url of [CRL, ISSUER]) {
      if (url === ISSUER && Object.keys(given).length > 0 && !('accept' in given)) continue;
      const reply = await get(url, given);
      t.equal(reply.statusCode, status, JSON.stringify(given));
      t.equal(reply.rawPayload.length === 0, status === 304);
      if (url === CRL) t.equal(reply.headers.etag, etag);
    }
});

t.test('HEAD, PEM and the certificate of the CA', { skip: opensslMissing }, async (t) => {
  const head = await app.inject({ method: 'HEAD', url: CRL });
  const crl = await published();
  t.equal(head.statusCode, 200);
  t.equal(head.headers['content-length'], String(crl.rawPayload.length));
  t.equal(head.rawPayload.length, 0);
  const pem = await get(CRL.replace(/crl$/, 'pem'));
  t.equal(pem.headers['content-type'], 'application/x-pem-file');
  t.not(pem.headers.etag, crl.headers.etag);
  const args = ['crl', '-inform', 'PEM', '-outform', 'DER'];
  t.same((await openssl(args, { input: pem.rawPayload })).stdout, crl.rawPayload);
  const issuer = await get(ISSUER);
  t.equal(issuer.headers['content-type'], 'application/pkix-cert');
  t.equal(new X509Certificate(issuer.rawPayload).subject, 'CN=Root');
  t.equal((await get(ISSUER, { 'if-none-match': String(issuer.headers.etag) })).statusCode, 304);
});

t.test('other names are not found', async (t) => {
  const none = '00000000-0000-4000-8000-000000000000';
  for (const url of [
    `/pki/crl/${none}.crl`,
    '/pki/crl/x.crl',
    CRL.replace(/crl$/, 'der'),
    `/pki/crl/${keyId}`,
  ])
    t.equal((await get(url)).statusCode, 404, url);
  for (const url of [`/pki/issuers/${none}.cer`, ISSUER.replace(/cer$/, 'pem'), '/pki/issuers/%00.cer'])
    t.equal((await get(url)).statusCode, 404, url);
  t.equal((await app.inject({ method: 'POST', url: CRL })).statusCode, 405);
});

t.test('certificates name the CRL and the certificate of the CA', async (t) => {
  const { certificate } = await issue();
  const shown = new X509Certificate(Buffer.from(certificate, 'base64'));
  t.match(shown.infoAccess, `CA Issuers - URI:${PUBLIC_URL}/issuers/${keyId}.cer`);
  t.match(shown.infoAccess, `OCSP - URI:${PUBLIC_URL}/ocsp`);
  t.ok(shown.raw.includes(Buffer.from(`${PUBLIC_URL}/crl/${keyId}.crl`)));
  const short = await issue({ profile: 'short-lived' });
  const { raw, infoAccess } = new X509Certificate(Buffer.from(short.certificate, 'base64'));
  t.notOk(raw.includes(Buffer.from('pki.example.com')), 'noRevAvail: there is nothing to point at');
  t.equal(infoAccess, undefined);
  const own = { crl_distribution_points: ['http://crl.example.org/own.crl'] };
  const other = await issue({ extensions: own });
  const pointed = new X509Certificate(Buffer.from(other.certificate, 'base64'));
  t.ok(pointed.raw.includes(Buffer.from('http://crl.example.org/own.crl')));
  t.notOk(pointed.raw.includes(Buffer.from('/crl/')), 'its own CRL');
  t.match(pointed.infoAccess, '/issuers/', 'and our certificate');
});

t.test('the CRLs of an authority are listed', async (t) => {
  await published();
  const { crls } = (await get('/pki/api/v1/authorities/root-1/crl', admin)).json();
  t.match(crls, [{ key_id: keyId, path: CRL, url: `${PUBLIC_URL}/crl/${keyId}.crl`, entries: 0 }]);
});

t.test('metrics show CRLs', async (t) => {
  const { body } = await get('/pki/metrics', admin);
  t.match(body, /^crl_count 1$/m);
  t.match(body, /^crl_missing 0$/m);
  t.match(body, /^crl_number [1-9]\d*$/m);
  t.match(body, /^crl_next_update_timestamp_seconds \d{10}$/m);
  t.match(body, /^crl_failures_total 0$/m);
});

t.test('while the store cannot be used the last CRL is served', async (t) => {
  const { rawPayload } = await published();
  const store = app.authorityDomain?.store;
  if (store === undefined) throw new Error('The service has no store');
  const unavailable = async () => Promise.reject(storeUnavailable('is away'));
  changeStore(t, store, () => ({ listCrls: unavailable, getCrl: unavailable, listAuthorities: unavailable }));
  app.publication?.crls.forget();
  t.same((await get(CRL)).rawPayload, rawPayload);
  t.equal((await get(ISSUER)).statusCode, 200);
  t.match((await get('/pki/metrics', admin)).body, /^crl_store_unavailable 1$/m);
});
