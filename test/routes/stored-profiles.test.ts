/** Stored profiles over HTTP, with a real store: what each rule lets in and what it stops. */

import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import t from 'tap';
import { openPatiently } from '../support/authorities.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { CONTENT_ROWS } from './policy/content-rows.ts';
import { NAME_ROWS } from './policy/name-rows.ts';

/** The clock of the authorities stands, because a refused validity names its seconds. */
const now = new Date();

const app = await startApp(t, { DATA_DIR: join(t.testdir(), 'data') }, (config, { context, keys }, onFault) =>
  openPatiently(config, { context: { ...context, clock: () => now }, keys }, onFault),
);
const post = poster(app);

const put = async (name: string, payload: object, headers: Readonly<Record<string, string>> = {}) => {
  const reply = await app.inject({ method: 'PUT', url: `/api/v1/profiles/${name}`, payload, headers });
  return { status: reply.statusCode, headers: reply.headers, answer: reply.json() };
};
const get = async (url: string) => {
  const reply = await app.inject({ url: `/api/v1/profiles${url}` });
  return { status: reply.statusCode, headers: reply.headers, answer: reply.json() };
};

await post('/api/v1/authorities', {
  name: 'issuing',
  subject: '/CN=Issuing',
  key_algorithm: 'ml-dsa-44',
});

const order = (body: object) =>
  post('/api/v1/authorities/issuing/certificates', { key_algorithm: 'ml-dsa-44', ...body });

const requested = await post('/api/v1/csr/generate', {
  subject: '/CN=evil.example/O=Evil',
  security_level: 'ml-dsa-44',
  san: ['DNS:csr.example'],
});
const { csr } = requested.answer;

for (const [index, [rule, row]] of Object.entries({ ...NAME_ROWS, ...CONTENT_ROWS }).entries())
  t.test(rule, async (t) => {
    const name = `row-${index}`;
    const written = await put(name, { extends: 'tls', ...row.document });
    t.equal(written.status, 201, JSON.stringify(written.answer));
    const accepted = await order({ ...row.accepted, profile: name, dry_run: true });
    t.equal(accepted.statusCode, 200, accepted.body);
    const { statusCode, answer } = await order({ ...row.refused, profile: name, dry_run: true });
    t.equal(statusCode, 403, JSON.stringify(answer));
    t.match(answer, {
      code: 'policy-violation',
      errors: [
        {
          pointer: row.pointer,
          rule: row.rule ?? rule,
          profile: `${name}@1`,
          ...(row.value !== undefined && { value: row.value }),
        },
      ],
    });
    t.equal(answer.errors.length, 1, JSON.stringify(answer.errors));
    const issued = await order({ ...row.refused, profile: name });
    t.same(issued.answer.errors, answer.errors, 'a dry run refuses the same');
  });

t.test('all refusals are in one reply, of the CSR and of the request', async (t) => {
  await put('all', {
    extends: 'tls',
    enabled: false,
    validity: { maximum: 'P10D' },
    keys: { algorithms: ['ml-dsa-87'], issuer_algorithms: ['ml-dsa-87'] },
    names: { kinds: ['DNS'], maximum: 2, dns: { allow: ['**.example.com'], wildcards: false } },
    subject: { attributes: { CN: { from_san: true }, O: { fixed: 'Example' } }, others: 'forbidden' },
    callers: ['token:ci-*'],
    extensions: {},
  });
  const { statusCode, answer } = await order({
    key_algorithm: undefined,
    csr,
    san: ['IP:192.0.2.1', 'DNS:*.example.com'],
    profile: 'all',
    days: 30,
    key_usage: ['nonRepudiation'],
    extensions: { ocsp: ['http://ocsp.example.com/'] },
  });
  t.equal(statusCode, 403);
  t.match(answer.detail, /\(and 13 more in `errors`\)$/);
  t.same(
    answer.errors.map(({ rule, pointer }: { rule: string; pointer: string }) => `${rule} ${pointer}`),
    [
      'enabled /profile',
      'keys.algorithms /csr',
      'keys.issuer_algorithms ',
      'names.maximum /san',
      'names.kinds /san/0',
      'names.dns.allow /csr',
      'names.dns.allow /csr',
      'names.dns.wildcards /san/1',
      'subject.attributes.CN.from_san /csr',
      'subject.attributes.O.fixed /csr',
      'validity.maximum /days',
      'callers ',
      'key_usage /key_usage/0',
      'extensions.ocsp /extensions/ocsp',
    ],
  );
  t.equal(
    (await post('/api/v1/authorities/issuing/certificates', { csr, san: [], profile: 'all' })).statusCode,
    403,
  );
});

t.test('a disabled profile refuses', async (t) => {
  t.equal((await put('ending', { extends: 'tls' })).status, 201);
  const body = { san: ['DNS:a.example'], profile: 'ending' };
  t.equal((await order(body)).statusCode, 201);
  t.equal((await put('ending', { extends: 'tls', enabled: false }, { 'if-match': '"1"' })).status, 200);
  const { statusCode, answer } = await order(body);
  t.equal(statusCode, 403);
  t.match(answer, {
    detail: 'The profile ending@2 refuses the certificate: The profile is disabled',
    errors: [{ pointer: '/profile', rule: 'enabled', profile: 'ending@2' }],
  });
});

t.test('the profile completes the certificate, and its version is stored', async (t) => {
  const document = {
    extends: 'tls-server',
    validity: { default: 'PT12H' },
    subject: { attributes: { O: { fixed: 'Example Org' }, C: { fixed: 'DE' } } },
    extensions: { crl_distribution_points: ['http://pki.example.com/a.crl'] },
  };
  await put('fixed', { ...document, validity: { default: 'P1D' } });
  t.equal((await put('FIXED', document, { 'if-match': '"1"' })).answer.name, 'fixed', 'the case is ignored');
  const { statusCode, answer } = await order({
    subject: '/CN=a.example',
    san: ['a.example'],
    profile: 'fixed',
  });
  t.equal(statusCode, 201, JSON.stringify(answer));
  t.match(answer, { profile: 'fixed', profile_version: 2, subject: '/C=DE/O=Example Org/CN=a.example' });
  const certificate = new X509Certificate(pemOf(answer.certificate));
  t.equal(certificate.validToDate.getTime() - certificate.validFromDate.getTime(), 12 * 3_600_000);
  t.same(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  const { answer: inspected } = await post('/api/v1/certificate/inspect', {
    certificate: answer.certificate,
  });
  t.match(JSON.stringify(inspected), 'http://pki.example.com/a.crl');
  const renewed = await post('/api/v1/authorities/issuing/certificates', { renew: answer.id });
  t.match(renewed.answer, { profile: 'fixed', profile_version: 2, subject: answer.subject });
});

t.test('a key with a valid certificate', async (t) => {
  const { answer } = await post('/api/v1/keys/generate', { security_level: 'ml-dsa-44' });
  const certify = (profile: string, ...san: readonly string[]) =>
    post('/api/v1/authorities/issuing/certificates', { public_key: answer.public_key, san, profile });
  await put('same', { extends: 'tls', duplicate_keys: 'same-names' });
  await put('deny', { extends: 'tls', duplicate_keys: 'deny' });
  t.equal((await certify('deny', 'a.example', 'b.example')).statusCode, 201, 'its first certificate');
  t.equal((await certify('same', 'b.example', 'a.example')).statusCode, 201, 'the names in another order');
  for (const refused of [
    await certify('deny', 'a.example', 'b.example'),
    await certify('same', 'c.example'),
  ]) {
    t.equal(refused.statusCode, 403);
    t.match(refused.answer.errors, [{ pointer: '/public_key', rule: 'duplicate_keys', value: /^[\dA-F]+$/ }]);
  }
  t.equal((await certify('tls', 'c.example')).statusCode, 201);
});

t.test('an unknown profile has a hint', async (t) => {
  await put('web-server', { extends: 'tls' });
  const rows = { 'web-sever': 'web-server', 'tls-cleint': 'tls-client', 'nothing-like-it': undefined };
  for (const [name, hint] of Object.entries(rows)) {
    const { statusCode, answer } = await order({ san: ['a.example'], profile: name });
    t.equal(statusCode, 400);
    const sentence = `There is no profile "${name}"${hint === undefined ? '' : `; did you mean ${hint}?`}`;
    t.match(answer, { code: 'invalid-profile', errors: [{ pointer: '/profile' }] });
    t.equal(answer.detail, `\`profile\`: ${sentence}`);
    t.match(await get(`/${name}`), { status: 404, answer: { code: 'unknown-profile', detail: sentence } });
  }
});
