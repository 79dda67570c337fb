import t from 'tap';
import * as der from '../../src/formats/der/writer.ts';
import { LISTED_RULES } from '../../src/lint/registry.ts';
import { leaf } from '../lint/fixtures/parts.ts';
import { craftCertificate, octets } from '../support/crafted.ts';
import { openDomain } from '../support/domain.ts';
import { poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const { keys } = await openDomain(t);
const key = await keys.generate('ml-dsa-44');

const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const pem = (label: string, octets: Uint8Array): string =>
  `-----BEGIN ${label}-----\n${base64(octets)}\n-----END ${label}-----\n`;

const send = async (payload: Uint8Array | string, type: string) => {
  const headers = { 'content-type': type };
  const reply = await app.inject({
    method: 'POST',
    url: '/api/v1/lint',
    payload: Buffer.from(payload),
    headers,
  });
  return { status: reply.statusCode, answer: reply.json() };
};

const NEGATIVE = await craftCertificate(key, leaf({ serialNumber: octets('02 01 ff') }));

t.test('a certificate that breaks a rule has a finding with its place', async (t) => {
  const { statusCode, answer } = await post('/api/v1/lint', { data: base64(NEGATIVE) });
  t.equal(statusCode, 200);
  t.same(answer, {
    counts: { error: 1, warning: 0, notice: 0 },
    parts: [{ type: 'certificate', size: NEGATIVE.length, linted: true }],
    findings: [
      {
        part: 0,
        rule: 'rfc5280-serial-positive',
        severity: 'error',
        clause: 'RFC 5280 §4.1.2.2',
        message: 'The serial number must be positive',
        where: 'serialNumber',
        offset: NEGATIVE.indexOf(0xff, 10),
      },
    ],
    complete: true,
  });
});

t.test('what the service issues has no findings, and a profile adds rules', async (t) => {
  const { answer } = await post('/api/v1/certificate/generate', {
    subject: '/CN=example.com',
    san: ['DNS:example.com'],
  });
  const { answer: clean } = await post('/api/v1/lint', { data: answer.certificate });
  t.match(clean, { findings: [], counts: { error: 0 } });
  const { answer: narrowed } = await post('/api/v1/lint', { data: answer.certificate, profile: 'cnsa2' });
  t.match(narrowed, { profile: 'cnsa2', counts: { error: 2 } });
  t.same(
    narrowed.findings.map(({ rule }: { rule: string }) => rule),
    ['cnsa2-signature', 'cnsa2-key'],
  );
});

t.test('the body can be the file itself, with several parts', async (t) => {
  for (const type of ['application/pkix-cert', 'application/octet-stream'])
    t.match(await send(NEGATIVE, type), { status: 200, answer: { counts: { error: 1 } } });
  const { answer: made } = await post('/api/v1/csr/generate', { subject: '/CN=example.com' });
  const request = Buffer.from(made.csr, 'base64').toString();
  const { answer } = await send(pem('CERTIFICATE', NEGATIVE) + request, 'application/x-pem-file');
  t.match(answer, {
    parts: [{ type: 'certificate' }, { type: 'certificate-request', linted: true }],
    findings: [{ part: 0, rule: 'rfc5280-serial-positive' }],
  });
});

t.test('a certificate inside PKCS #7 is linted, and a key beside one is not', async (t) => {
  const { answer: bundle } = await post('/api/v1/bundle', {
    format: 'pkcs7',
    certificate: base64(await craftCertificate(key)),
  });
  const { answer } = await post('/api/v1/lint', { data: bundle.bundle });
  t.match(answer, {
    parts: [
      { type: 'pkcs7', linted: false },
      { type: 'certificate', linted: true },
    ],
  });
  const { answer: made } = await post('/api/v1/keys/generate', {});
  const secret = Buffer.from(made.private_key, 'base64').toString();
  const { answer: both } = await send(secret + pem('CERTIFICATE', NEGATIVE), 'application/x-pem-file');
  t.match(both, { parts: [{ type: 'private-key', linted: false }, {}], findings: [{ part: 1 }] });
});

t.test('a certificate that cannot be parsed has one finding that says why', async (t) => {
  const { answer } = await send(
    pem('CERTIFICATE', der.sequence(der.unsignedInteger(1))),
    'application/x-pem-file',
  );
  t.match(answer, { findings: [{ rule: 'rfc5280-structure', message: /TBSCertificate|tbsCertificate/ }] });
  const cut = await send(NEGATIVE.subarray(0, 100), 'application/pkix-cert');
  t.equal(cut.status, 400);
});

t.test('data without rules, and unknown members, are rejected', async (t) => {
  const { answer: made } = await post('/api/v1/keys/generate', {});
  const { statusCode, answer } = await post('/api/v1/lint', { data: made.private_key });
  t.equal(statusCode, 400);
  t.match(answer, { code: 'invalid-encoding', detail: /got a private key/ });
  t.notMatch(JSON.stringify(answer), made.private_key.slice(100, 140));
  for (const body of [{ data: base64(NEGATIVE), more: 1 }, { data: base64(NEGATIVE), profile: 'none' }, {}])
    t.equal((await post('/api/v1/lint', body)).statusCode, 400);
});

t.test('the rules are listed, by profile, kind and severity', async (t) => {
  const list = async (query: string) => (await app.inject(`/api/v1/lint/rules${query}`)).json().rules;
  const all = await list('');
  t.equal(all.length, LISTED_RULES.length);
  t.match(all[0], {
    id: String,
    clause: String,
    severity: 'error',
    kinds: [String],
    content: 'any',
  });
  const narrowed = await list('?profile=cabf-tls&kind=certificate&severity=error');
  t.ok(narrowed.length > 10 && narrowed.length < all.length);
  for (const rule of narrowed) t.match(rule, { profile: 'cabf-tls', severity: 'error' });
  t.equal((await app.inject('/api/v1/lint/rules?profile=none')).statusCode, 400);
  t.equal((await app.inject('/api/v1/lint/rules?other=1')).statusCode, 400);
});
