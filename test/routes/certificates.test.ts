/** The list of certificates, over the real service with SQLite. */

import { X509Certificate } from 'node:crypto';
import t from 'tap';
import {
  changeStore,
  issueFor,
  makeAuthorities,
  startAuthorityService,
  type Client,
} from '../support/authority-service.ts';

const LIST = '/api/v1/certificates';
const DAY = 86_400_000;

const service = await startAuthorityService(t, {
  admin: ['admin', 'certs:read', 'authorities:manage', 'certs:issue', 'certs:issue:ca'],
  web: ['certs:issue', 'certs:read'],
  mail: ['certs:issue', 'certs:read'],
  auditor: ['certs:read', 'certs:read:all'],
  issuer: ['certs:issue'],
});
const { admin, web, mail, auditor, issuer } = service.clients;
const authorityId = await makeAuthorities(admin);

const www = await issueFor(web, {
  subject: '/CN=www.example.com/O=Acme Europe Ltd',
  san: ['DNS:www.example.com', 'IP:2001:db8::1'],
  profile: 'tls-server',
  days: 20,
});
const api = await issueFor(mail, {
  subject: '/CN=api.example.org/O=Other',
  san: ['DNS:api.example.org', 'email:ops@example.org'],
  days: 300,
});

const idsOf = (reply: Awaited<ReturnType<Client['get']>>): string[] =>
  reply.json().certificates.map(({ id }: { id: string }) => id);

const listed = async (client: Client, query: string): Promise<string[]> => {
  const reply = await client.get(`${LIST}?${query}`);
  t.equal(reply.statusCode, 200, `${query}: ${reply.body.slice(0, 200)}`);
  return idsOf(reply);
};

const later = (milliseconds: number): string =>
  `${new Date(Date.now() + milliseconds).toISOString().slice(0, 19)}Z`;

const [whole] = (await auditor.get(`${LIST}?san=www.example.com`)).json().certificates;

for (const [query, hits] of [
  [`serial=${www.serial_number}`, [www.id]],
  [`serial=${www.serial_number.toLowerCase().replace(/..(?=.)/g, '$&:')}`, [www.id]],
  [`serial=0x00${www.serial_number}`, [www.id]],
  ['serial=0A', []],
  [`sha256=${whole.sha256_fingerprint}`, [www.id]],
  [`sha256=${whole.sha256_fingerprint.replaceAll(':', '').toLowerCase()}`, [www.id]],
  [`sha256=${'00'.repeat(32)}`, []],
  [`key_id=${whole.key_id}`, [www.id]],
  [`key_id=${'00'.repeat(32)}`, []],
  ['subject=acme%20ltd', [www.id]],
  ['subject=Acme%20GmbH', []],
  ['san=www.example.com', [www.id]],
  ['san=DNS:WWW.example.com', [www.id]],
  ['san=*.example.com', [www.id]],
  ['san=DNS:*.example.org', [api.id]],
  ['san=*.com', [www.id]],
  ['san=2001:db8::1', [www.id]],
  ['san=IP:2001:DB8:0:0:0:0:0:1', [www.id]],
  ['san=email:ops@example.org', [api.id]],
  ['san=example.com', []],
  ['status=valid', [api.id, www.id]],
  ['status=expired', []],
  ['status=revoked', []],
  [`authority=${authorityId}`, [api.id, www.id]],
  ['authority=ISSUING-1', [api.id, www.id]],
  ['authority=root-1&san=www.example.com', []],
  ['profile=tls-server', [www.id]],
  ['profile=none', []],
  ['profile=tls', [api.id]],
  ['profile=end-entity', [api.id]],
  [`principal=${web.principal}`, [www.id]],
  ['principal=nobody', []],
  [`issued_after=${later(-DAY)}&profile=tls-server`, [www.id]],
  [`issued_after=${later(DAY)}`, []],
  [`issued_before=${later(DAY)}&profile=tls-server`, [www.id]],
  [`issued_before=${later(-DAY)}`, []],
  [`expires_after=${later(100 * DAY)}&authority=issuing-1`, [api.id]],
  [`expires_before=${later(100 * DAY)}`, [www.id]],
  [`expires_before=${later(400 * DAY)}&authority=issuing-1`, [www.id, api.id]],
  [`expires_after=${later(1000 * DAY)}&authority=issuing-1`, []],
  ['subject=acme&san=api.example.org', []],
  ['subject=acme&san=www.example.com&status=valid&profile=tls-server', [www.id]],
] as [string, string[]][])
  t.test(`?${query.slice(0, 60)} finds ${hits.length}`, async (t) => {
    const found = (await listed(auditor, query)).filter((id) => [www.id, api.id].includes(id));
    t.strictSame(found, hits);
  });

t.test('each certificate is described by its public facts', async (t) => {
  t.match(whole, {
    id: www.id,
    status: 'valid',
    serial_number: www.serial_number,
    subject: 'O=Acme Europe Ltd,CN=www.example.com',
    san: ['DNS:www.example.com', 'IP:2001:db8::1'],
    authority_id: authorityId,
    profile: 'tls-server',
    key_algorithm: 'ml-dsa-44',
    is_ca: false,
    principal: web.principal,
    not_after: www.not_after,
  });
});

for (const [query, pointer, message = /./] of [
  ['unknown=1', '/unknown'],
  ['limit=0', '/limit'],
  ['limit=501', '/limit'],
  ['limit=ten', '/limit'],
  ['serial=0', '/serial'],
  ['serial=xyz', '/serial'],
  ['sha256=00', '/sha256', / must be 64 hexadecimal digits, with or without colons/],
  ['key_id=00', '/key_id'],
  ['san=IP:300.1.1.1', '/san'],
  ['status=gone', '/status'],
  ['serial=0A&serial=0B', '/serial'],
  ['issued_after=2027-01-01', '/issued_after', /must be a time of RFC 3339 such as 2027-01-31T00:00:00Z$/],
  ['expires_before=2027-02-31T00:00:00Z', '/expires_before'],
] as [string, string, RegExp?][])
  t.test(`?${query} is refused`, async (t) => {
    const reply = await auditor.get(`${LIST}?${query}`);
    t.match(reply.json(), { status: 400, detail: message, errors: [{ pointer }] }, reply.body);
  });

t.test('an unknown authority is reported at its parameter', async (t) => {
  const reply = await auditor.get(`${LIST}?authority=none`);
  t.equal(reply.statusCode, 404);
  t.match(reply.json(), { code: 'unknown-authority', errors: [{ pointer: '/authority' }] });
});

t.test('pages have each certificate once while others are issued', async (t) => {
  const before = await Promise.all(
    Array.from({ length: 9 }, (_, index) => issueFor(web, { subject: `/CN=page-${index}` })),
  );
  const seen: string[] = [];
  const issued: string[] = [];
  let path: string | undefined = `${LIST}?limit=2`;
  let pages = 0;
  while (path !== undefined) {
    const reply = await web.get(path);
    const { certificates, next } = reply.json();
    seen.push(...certificates.map(({ id }: { id: string }) => id));
    issued.push(...certificates.map(({ issued_at }: { issued_at: string }) => issued_at));
    pages += 1;
    const { link } = reply.headers;
    t.equal(link === undefined, next === null);
    path = /^<(.*)>; rel="next"$/.exec(String(link))?.[1];
    if (next !== null) t.match(path, `cursor=${next}`);
    await issueFor(web, { subject: `/CN=newer-${pages}` });
  }
  t.strictSame(new Set(seen), new Set([...before.map(({ id }) => id), www.id]));
  t.equal(seen.length, 10, 'none is there twice');
  t.strictSame(issued, issued.toSorted().toReversed(), 'the newest first');
  t.equal(pages, 5);
});

t.test('a page that ends with the last certificate is the last page', async (t) => {
  const { certificates } = (await mail.get(`${LIST}?limit=500`)).json();
  const reply = await mail.get(`${LIST}?limit=${certificates.length}`);
  t.equal(reply.json().next, null);
  t.equal(reply.headers.link, undefined);
});

t.test('a cursor is refused unless it belongs to the query', async (t) => {
  const { next } = (await web.get(`${LIST}?limit=2&status=valid`)).json();
  const octets = Buffer.from(next, 'base64url');
  const changed = Buffer.from(octets);
  changed[12] = (changed[12] ?? 0) ^ 1;
  t.equal((await web.get(`${LIST}?limit=5&status=valid&cursor=${next}`)).statusCode, 200);
  for (const query of [
    `cursor=${next}`,
    `status=valid&profile=x&cursor=${next}`,
    `status=valid&cursor=${changed.toString('base64url')}`,
    `status=valid&cursor=${octets.subarray(0, 20).toString('base64url')}`,
    `status=valid&cursor=${next}A`,
    `status=valid&cursor=${next}%3D`,
    'status=valid&cursor=eyJpZCI6MX0',
    'cursor=AAAA',
  ]) {
    const reply = await web.get(`${LIST}?${query}`);
    t.equal(reply.statusCode, 400, query);
    t.match(reply.json(), { code: 'invalid-query', errors: [{ pointer: '/cursor' }] });
  }
  t.equal((await web.get(`${LIST}?cursor=`)).statusCode, 400);
});

t.test('a principal lists its own certificates, and an auditor and an administrator all', async (t) => {
  t.strictSame(await listed(mail, 'limit=500'), [api.id]);
  t.strictSame(await listed(mail, 'san=www.example.com'), []);
  t.strictSame(await listed(mail, `principal=${web.principal}`), []);
  t.strictSame(await listed(mail, `principal=${mail.principal}`), [api.id]);
  t.strictSame(await listed(admin, 'san=www.example.com'), [www.id]);
  t.equal((await issuer.get(LIST)).statusCode, 403);
});

/** Everything except what differs between any two replies. */
function contentOf({ statusCode, headers, body }: Awaited<ReturnType<Client['get']>>) {
  const { instance: _, ...problem } = JSON.parse(body);
  const { 'x-request-id': __, date: ___, ...fields } = headers;
  return { statusCode, fields, problem };
}

t.test('the certificate of another principal is as unknown as none', async (t) => {
  const calls: string[][] = [];
  changeStore(t, service.app.checkpointPorts().store, (original) => ({
    getCertificate: (...given) => {
      calls.push(['getCertificate', String(given.length), String(given[1])]);
      return original.getCertificate(...given);
    },
  }));
  const unknown = '00000000-0000-4000-8000-000000000000';
  for (const accept of ['application/json', 'application/pkix-cert', 'text/html']) {
    const foreign = await mail.get(`${LIST}/${www.id}`, { accept });
    t.equal(foreign.statusCode, 404);
    t.strictSame(contentOf(foreign), contentOf(await mail.get(`${LIST}/${unknown}`, { accept })));
  }
  t.equal(calls.length, 6);
  for (const call of calls) t.strictSame(call, ['getCertificate', '2', mail.principal]);
  t.equal((await web.get(`${LIST}/${www.id}`)).statusCode, 200);
  t.equal((await auditor.get(`${LIST}/${www.id}`)).statusCode, 200);
});

t.test('a certificate is JSON, PEM or DER', async (t) => {
  const json = (await web.get(`${LIST}/${www.id}`)).json();
  t.ok(json.certificate === www.certificate);
  t.ok(json.chain === www.chain);
  t.strictSame(
    { ...json, certificate: undefined, chain: undefined, sizes: undefined, warnings: undefined },
    {
      ...whole,
      certificate: undefined,
      chain: undefined,
      sizes: undefined,
      warnings: undefined,
    },
  );
  const der = await web.get(`${LIST}/${www.id}`, { accept: 'application/pkix-cert' });
  t.equal(der.headers['content-type'], 'application/pkix-cert');
  t.equal(new X509Certificate(der.rawPayload).fingerprint256, json.sha256_fingerprint);
  for (const accept of ['application/pem-certificate-chain', 'application/x-pem-file']) {
    const file = await web.get(`${LIST}/${www.id}`, { accept });
    t.match(file.headers['content-type'], accept);
    t.ok(file.body === Buffer.from(json.chain, 'base64').toString());
    t.match(file.headers.vary, 'Accept');
  }
  t.equal((await web.get(`${LIST}/${www.id}`, { accept: 'text/html' })).statusCode, 406);
});

t.test('what expires soon is listed, the first to expire first', async (t) => {
  const soon = await issueFor(web, { subject: '/CN=soon', days: 5 });
  t.strictSame(idsOf(await web.get(`${LIST}/expiring`)), [soon.id, www.id]);
  t.strictSame(idsOf(await web.get(`${LIST}/expiring?within=P1W`)), [soon.id]);
  t.strictSame(idsOf(await web.get(`${LIST}/expiring?within=PT1H`)), []);
  t.strictSame(idsOf(await mail.get(`${LIST}/expiring`)), []);
  const first = (await web.get(`${LIST}/expiring?limit=1`)).json();
  t.equal(first.certificates[0].id, soon.id);
  t.strictSame(idsOf(await web.get(`${LIST}/expiring?limit=1&cursor=${first.next}`)), [www.id]);
  t.strictSame(idsOf(await web.get(`${LIST}/expiring?profile=tls-server`)), [www.id]);
  for (const query of ['within=30', 'within=P1.5D', 'status=valid', `within=P1W&cursor=${first.next}`])
    t.equal((await web.get(`${LIST}/expiring?${query}`)).statusCode, 400, query);
});
