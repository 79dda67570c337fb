/** Stored authorities over HTTP. */

import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import t from 'tap';
import { openPatiently } from '../support/authorities.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';

const app = await startApp(t, { DATA_DIR: join(t.testdir(), 'data') }, openPatiently);
const post = poster(app);
const get = async (url: string, headers: Readonly<Record<string, string>> = {}) => {
  const reply = await app.inject({ url, headers });
  return {
    status: reply.statusCode,
    type: reply.headers['content-type'],
    vary: reply.headers.vary,
    octets: reply.rawPayload,
    text: reply.body,
  };
};

const ROOT = '/api/v1/authorities';
const ISSUE = `${ROOT}/issuing/certificates`;
const root = await post(ROOT, { name: 'root', subject: '/CN=Root/O=Example', key_algorithm: 'ml-dsa-44' });
const issuing = await post(ROOT, {
  name: 'issuing',
  subject: '/CN=Issuing/O=Example',
  parent: 'root',
  path_length: 0,
  key_algorithm: 'ml-dsa-44',
});
const requested = await post('/api/v1/csr/generate', {
  subject: '/CN=a.example',
  security_level: 'ml-dsa-44',
  san: ['DNS:a.example'],
});
const { csr, public_key } = requested.answer;

t.test('an authority is created, shown and listed, without its private key', async (t) => {
  t.equal(root.statusCode, 201);
  t.equal(root.headers.location, `${ROOT}/${root.answer.id}`);
  t.match(root.answer, {
    name: 'root',
    status: 'enabled',
    keys: [{ state: 'active', subject: '/CN=Root/O=Example' }],
  });
  t.match(issuing.answer, { parent_id: root.answer.id, keys: [{ path_length: 0 }] });
  const [above, below] = [root, issuing].map(
    ({ answer }) => new X509Certificate(pemOf(answer.keys[0].certificate)).raw.length,
  );
  t.match(root.answer.keys, [
    { sizes: { certificate: above, chain: above, public_key: 1312, signature: 2420 } },
  ]);
  t.match(issuing.answer.keys, [
    { sizes: { certificate: below, chain: Number(above) + Number(below) }, warnings: [] },
  ]);
  for (const reference of ['root', 'ROOT', root.answer.id]) {
    const { text } = await get(`${ROOT}/${reference}`);
    t.same(JSON.parse(text), root.answer);
  }
  const { text } = await get(ROOT);
  t.same(JSON.parse(text).authorities, [issuing.answer, root.answer]);
  const first = JSON.parse((await get(`${ROOT}?limit=1`)).text);
  t.same(
    first.authorities.map(({ name }: { name: string }) => name),
    ['issuing'],
  );
  t.same(JSON.parse((await get(`${ROOT}?limit=1&after=${first.next}`)).text).authorities, [root.answer]);
});

t.test('the certificate and the chain are JSON, PEM or DER, as Accept prefers', async (t) => {
  const der = new X509Certificate(pemOf(issuing.answer.keys[0].certificate)).raw;
  const [own, chain] = [`${ROOT}/issuing/certificate`, `${ROOT}/issuing/chain`];
  const rows: readonly (readonly [url: string, accept: string, type: string, content: RegExp | Buffer])[] = [
    [own, '*/*', 'application/json; charset=utf-8', /^\{"id"/],
    [own, 'application/pkix-cert', 'application/pkix-cert', der],
    [
      own,
      'application/x-pem-file',
      'application/x-pem-file',
      /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n$/,
    ],
    [own, 'text/html, application/*;q=0.5, application/pkix-cert;q=0.6', 'application/pkix-cert', der],
    [
      own,
      'application/json;q=0.2, application/pem-certificate-chain',
      'application/pem-certificate-chain',
      /^-----BEGIN/,
    ],
    [
      chain,
      'application/pem-certificate-chain',
      'application/pem-certificate-chain',
      /^(?:-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n){2}$/,
    ],
    [chain, 'application/pkix-cert, application/json;q=0.1', 'application/json; charset=utf-8', /^\{"id"/],
  ];
  for (const [url, accept, type, content] of rows) {
    const reply = await get(url, { accept });
    t.equal(reply.status, 200, accept);
    t.equal(reply.type, type, accept);
    t.match(reply.vary, /Accept/);
    t.ok(content instanceof RegExp ? content.test(reply.text) : content.equals(reply.octets), accept);
  }
  for (const [url, accept] of [
    [chain, 'application/pkix-cert'],
    [own, 'text/html'],
    [own, 'application/pkix-cert;q=0'],
  ] as const) {
    const reply = await get(url, { accept });
    t.equal(reply.status, 406, accept);
    t.match(JSON.parse(reply.text), { code: 'not-acceptable' });
  }
});

t.test('OpenSSL verifies the path of a certificate', { skip: opensslMissing }, async (t) => {
  const { statusCode, headers, answer } = await post(ISSUE, { csr, days: 30, profile: 'tls-server' });
  t.equal(statusCode, 201);
  t.equal(headers['cache-control'], 'no-store');
  t.match(answer, {
    authority_id: issuing.answer.id,
    profile: 'tls-server',
    notes: [],
    subject: '/CN=a.example',
  });
  const files = {
    'root.pem': (await get(`${ROOT}/root/certificate`, { accept: 'application/x-pem-file' })).octets,
    'chain.pem': pemOf(answer.chain),
    'leaf.pem': pemOf(answer.certificate),
  };
  const { stdout } = await openssl(
    [
      'verify',
      '-x509_strict',
      '-purpose',
      'sslserver',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'chain.pem',
      'leaf.pem',
    ],
    { files },
  );
  t.equal(stdout.toString(), 'leaf.pem: OK\n');
});

t.test('a certificate for a public key, for a new key, and in place of another one', async (t) => {
  const byKey = await post(ISSUE, { public_key, subject: '/CN=b.example' });
  t.match(byKey.answer, {
    subject: '/CN=b.example',
    notes: [{ code: 'possession-not-proved', at: '/public_key' }],
  });
  const made = await post(ISSUE, { san: ['DNS:c.example'], key_algorithm: 'ecdsa-p256' });
  t.match(made.answer, {
    subject: '/',
    key_algorithm: 'ecdsa-p256',
    private_key: String,
    public_key: String,
  });
  const renewed = await post(ISSUE, { renew: made.answer.id, validity: 'PT12H' });
  t.equal(renewed.statusCode, 201);
  const [old, fresh] = [made, renewed].map(({ answer }) => new X509Certificate(pemOf(answer.certificate)));
  t.equal(fresh?.subjectAltName, old?.subjectAltName);
  t.ok(old && fresh?.publicKey.equals(old.publicKey));
  t.notOk('private_key' in renewed.answer);
  const rekeyed = await post(ISSUE, {
    rekey: made.answer.id,
    key_algorithm: 'ml-dsa-44',
    key_format: 'both',
  });
  t.match(rekeyed.answer, { security_level: 'ml-dsa-44', private_key: String });
  const preview = await post(ISSUE, { csr, dry_run: true });
  t.match(
    { status: preview.statusCode, ...preview.answer },
    { status: 200, dry_run: true, issuer: '/CN=Issuing/O=Example' },
  );
});

t.test('a request is repeated with its Idempotency-Key', async (t) => {
  const send = async (key: string, payload: object, url = ISSUE) => {
    const reply = await app.inject({ method: 'POST', url, payload, headers: { 'idempotency-key': key } });
    return { status: reply.statusCode, text: reply.body, answer: reply.json() };
  };
  const [first, second] = [await send('"one"', { csr }), await send('"one"', { csr })];
  t.equal(first.status, 201);
  t.equal(second.text, first.text);
  t.match(await send('"one"', { csr, days: 3 }), { status: 422, answer: { code: 'idempotency-key-reused' } });
  for (const key of ['one', '""', '"a', `"${'a'.repeat(256)}"`, '"é"', '"a", "b"'])
    t.match(await send(key, { csr }), { status: 400, answer: { code: 'invalid-idempotency-key' } }, key);
  const body = { name: 'twice', subject: '/CN=Twice', key_algorithm: 'ml-dsa-44' };
  const made = [await send('"two"', body, ROOT), await send('"two"', body, ROOT)];
  t.same(
    made.map(({ status, answer }) => [status, answer.id]),
    [
      [201, made[0]?.answer.id],
      [201, made[0]?.answer.id],
    ],
  );
  t.match(await send('"three"', body, ROOT), { status: 409, answer: { code: 'authority-name-taken' } });
});

t.test('an authority is imported, signed elsewhere, rotated, disabled and enabled', async (t) => {
  const ca = await post('/api/v1/certificate/generate', {
    subject: '/CN=Offline',
    profile: 'ca',
    security_level: 'ml-dsa-44',
    days: 4000,
  });
  const { certificate, private_key } = ca.answer;
  t.match(await post(`${ROOT}/import`, { name: 'imported', certificate, private_key }), {
    statusCode: 201,
    answer: { status: 'enabled', notes: [] },
  });

  const pending = await post(ROOT, {
    name: 'below',
    subject: '/CN=Below',
    key_algorithm: 'ml-dsa-44',
    signed_elsewhere: true,
    path_length: 0,
  });
  t.match(pending.answer, { status: 'pending', keys: [{ state: 'pending', csr: String }] });
  t.match(await get(`${ROOT}/below/certificate`), { status: 409 });
  const signed = await post('/api/v1/csr/sign', {
    csr: pending.answer.keys[0].csr,
    ca_certificate: certificate,
    ca_private_key: private_key,
    profile: 'ca',
    path_length: 0,
  });
  const alone = await post(`${ROOT}/below/certificate`, { certificate: signed.answer.certificate });
  t.match(alone, { statusCode: 400, answer: { code: 'invalid-certificate' } });
  const enabled = await post(`${ROOT}/below/certificate`, {
    certificate: signed.answer.certificate,
    chain: certificate,
  });
  t.match(enabled, { statusCode: 200, answer: { status: 'enabled', keys: [{ state: 'active' }] } });
  t.equal((await post(`${ROOT}/below/certificates`, { csr })).statusCode, 201);

  const rotated = await post(`${ROOT}/imported/rotate`, { key_algorithm: 'ml-dsa-65' });
  t.match(rotated.answer, {
    keys: [
      { generation: 2, state: 'active', key_algorithm: 'ml-dsa-65', subject: '/CN=Offline' },
      { state: 'retired' },
    ],
  });
  t.match(await post(`${ROOT}/imported/disable`, {}), { statusCode: 200, answer: { status: 'disabled' } });
  t.match(await post(`${ROOT}/imported/certificates`, { csr }), {
    statusCode: 409,
    answer: { code: 'authority-inactive' },
  });
  t.match(await post(`${ROOT}/imported/enable`, {}), { statusCode: 200, answer: { status: 'enabled' } });
  t.equal((await post(`${ROOT}/imported/certificates`, { csr })).statusCode, 201);
});
