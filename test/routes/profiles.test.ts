/** What a caller can request of a certificate: each refusal beside a request that differs a little and is accepted. */

import { X509Certificate } from 'node:crypto';
import t from 'tap';
import { makeKey, keyFile } from '../support/api-keys.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { EXTENSION_REFUSALS } from './refusals/extension-refusals.ts';
import { NAME_REFUSALS } from './refusals/name-refusals.ts';
import { uri } from './refusals/refusal.ts';
import { USAGE_REFUSALS } from './refusals/usage-refusals.ts';
import { VALIDITY_REFUSALS } from './refusals/validity-refusals.ts';

const app = await startApp(t);
const post = poster(app);

const subject = '/CN=www.example.com';
const caOf = async (body: object) => {
  const { answer } = await post('/api/v1/certificate/generate', {
    subject: '/CN=Example Root CA',
    profile: 'ca',
    days: 400,
    ...body,
  });
  return { ca_certificate: answer.certificate, ca_private_key: answer.private_key };
};

const ca = await caOf({});
const rsaRequest = await post('/api/v1/csr/generate', { subject });

const generate = (body: object) =>
  post('/api/v1/certificate/generate', { subject, security_level: 'ml-dsa-44', ...body });
const sign = (body: object, authority: object = ca) =>
  post('/api/v1/csr/sign', { csr: rsaRequest.answer.csr, ...authority, ...body });

const REFUSALS = { ...USAGE_REFUSALS, ...EXTENSION_REFUSALS, ...VALIDITY_REFUSALS };

for (const [rule, { refused, pointer, message, accepted }] of Object.entries({
  ...REFUSALS,
  ...NAME_REFUSALS,
})) {
  t.test(rule, async (t) => {
    const { statusCode, answer } = await generate(refused);
    t.equal(statusCode, 400);
    t.match(answer, { error: message, errors: [{ pointer }] });
    const neighbour = await generate(accepted);
    t.equal(neighbour.statusCode, 200, neighbour.answer.error);
    const preview = await generate({ ...refused, dry_run: true });
    t.match(preview.answer, { error: answer.error }, 'a dry run refuses the same');
  });
}

t.test('under a CA the same is refused', async (t) => {
  for (const { refused, pointer, accepted } of Object.values(REFUSALS)) {
    if ('not_before' in refused || 'not_after' in refused || 'not_after' in accepted) continue;
    if ('validity' in refused && 'validity' in accepted) continue;
    const { statusCode, answer } = await sign(refused);
    t.equal(statusCode, 400, JSON.stringify(refused));
    t.match(answer, { errors: [{ pointer }] });
    t.equal((await sign(accepted)).statusCode, 200, JSON.stringify(accepted));
  }
});

t.test('what a CA issues is valid within the validity of the CA', async (t) => {
  const year = new Date().getUTCFullYear() + 1;
  const authority = await caOf({
    days: undefined,
    not_before: `${year - 2}-01-01T00:00:00Z`,
    not_after: `${year}-06-30T00:00:00Z`,
  });
  const start = { not_before: `${year - 2}-01-01T00:00:00Z` };
  const cases: readonly [refused: object, pointer: string, accepted: object][] = [
    [{ validity: 'P3Y' }, '/validity', { validity: 'P30D' }],
    [{ not_after: `${year}-06-30T00:00:01Z` }, '/not_after', { not_after: `${year}-06-30T00:00:00Z` }],
    [
      { not_before: `${year - 3}-12-31T23:59:59Z`, not_after: `${year}-06-30T00:00:00Z` },
      '/not_before',
      { ...start, not_after: `${year}-06-30T00:00:00Z` },
    ],
  ];
  for (const [refused, pointer, accepted] of cases) {
    const { answer } = await sign(refused, authority);
    t.match(answer, { code: 'exceeds-issuer', errors: [{ pointer }] }, JSON.stringify(refused));
    t.equal((await sign(accepted, authority)).statusCode, 200, JSON.stringify(accepted));
  }
});

t.test('a CA with purposes issues for these purposes only', async (t) => {
  const signing = await caOf({ extended_key_usage: ['codeSigning', 'timeStamping'] });
  for (const profile of ['code-signing', 'time-stamping', 'ocsp-responder'])
    t.equal((await sign({ profile }, signing)).statusCode, 200, profile);
  for (const body of [
    {},
    { profile: 'email' },
    { extended_key_usage: ['codeSigning', 'serverAuth'] },
    { profile: 'ca' },
  ]) {
    const { answer } = await sign(body, signing);
    t.match(answer, { code: 'unsuitable-issuer', errors: [{ pointer: '/ca_certificate' }] });
    t.match(answer.error, 'profiles that fit: code-signing, time-stamping, ocsp-responder');
  }
  const below = await sign({ profile: 'ca', extended_key_usage: ['timeStamping'] }, signing);
  t.equal(below.statusCode, 200);
});

t.test('the member that selected a CA is the one that an error names', async (t) => {
  const last = await caOf({ path_length: 0 });
  for (const [body, pointer] of [
    [{ is_ca: true }, '/is_ca'],
    [{ profile: 'ca' }, '/profile'],
  ] as const)
    t.match((await sign(body, last)).answer, { code: 'path-length-exceeded', errors: [{ pointer }] });
});

t.test('a CA certificate needs its scope whichever member selects it; a CSR does not', async (t) => {
  const key = makeKey(['certs:issue', 'csr:sign', 'csr:generate'], { name: 'leaves' });
  const guarded = await startApp(t, { API_KEYS_FILE: keyFile(t, key.key).path });
  const ask = async (url: string, payload: object) =>
    guarded.inject({ method: 'POST', url, payload, headers: { 'x-api-key': key.text } });
  for (const body of [{ is_ca: true }, { profile: 'ca' }]) {
    const url = '/api/v1/certificate/generate';
    t.equal((await ask(url, { subject, ...body })).statusCode, 403);
    t.equal((await ask(url, { subject, ...body, dry_run: true })).statusCode, 403);
  }
  t.equal((await ask('/api/v1/certificate/generate', { subject, profile: 'tls' })).statusCode, 200);
  t.equal((await ask('/api/v1/csr/generate', { subject, profile: 'ca' })).statusCode, 200);
});

const secondsOf = ({ not_before, not_after }: { not_before: string; not_after: string }): number =>
  (Date.parse(not_after) - Date.parse(not_before)) / 1000;

t.test('the start is a tenth of the validity ago at most, and NOT_BEFORE_SKEW ago otherwise', async (t) => {
  const strict = poster(await startApp(t, { NOT_BEFORE_SKEW: '0' }));
  const generous = poster(await startApp(t, { NOT_BEFORE_SKEW: '3600' }));
  const url = '/api/v1/certificate/generate';
  const cases: readonly [typeof post, validity: string, seconds: number, ago: number][] = [
    [post, 'PT5M', 300, 30],
    [post, 'PT50M', 3000, 300],
    [post, 'P30D', 30 * 86_400, 300],
    [strict, 'P30D', 30 * 86_400, 0],
    [generous, 'P30D', 30 * 86_400, 3600],
    [generous, 'PT1H', 3600, 360],
  ];
  for (const [send, validity, seconds, ago] of cases) {
    const before = Date.now() / 1000;
    const { answer } = await send(url, { subject, validity, security_level: 'ml-dsa-44' });
    const after = Date.now() / 1000;
    t.equal(secondsOf(answer), seconds, validity);
    const start = Date.parse(answer.not_before) / 1000 + ago;
    t.ok(start > before - 1 && start <= after, `${validity} starts ${ago} s ago`);
    t.equal(answer.validity_days, Math.floor(seconds / 86_400));
  }
});

t.test('without a validity the profile decides', async (t) => {
  for (const [profile, days] of [
    ['tls', 365],
    ['ocsp-responder', 30],
    ['short-lived', 7],
  ] as const) {
    t.equal((await generate({ profile })).answer.validity_days, days, profile);
    t.equal(secondsOf((await sign({ profile })).answer), days * 86_400, profile);
  }
});

t.test('a pair has the profile, the usages and the validity of its request', async (t) => {
  const { statusCode, answer } = await post('/api/v1/certificate/hybrid', {
    subject,
    classical_algorithm: 'ecdsa',
    extended_key_usage: ['codeSigning'],
    not_before: '2030-01-01T00:00:00Z',
    not_after: '2031-01-01T00:00:00Z',
    extensions: { ca_issuers: uri(1) },
  });
  t.equal(statusCode, 200);
  for (const certificate of [answer.ml_dsa_certificate, answer.classical_certificate]) {
    const { keyUsage, validFromDate, validToDate, infoAccess } = new X509Certificate(pemOf(certificate));
    t.same(keyUsage, ['1.3.6.1.5.5.7.3.3']);
    t.same([validFromDate, validToDate], [new Date('2030-01-01'), new Date('2031-01-01')]);
    t.match(infoAccess, 'CA Issuers - URI:http://a.example/0');
  }
});
