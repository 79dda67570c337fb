/** Replies as files, as `curl -OJ` saves them, and what OpenSSL reads in them. */

import t from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = poster(app);
const ask = async (path: string, payload: object, accept: string) => {
  const reply = await app.inject({ method: 'POST', url: `/api/v1/${path}`, payload, headers: { accept } });
  const { statusCode, headers, rawPayload } = reply;
  return { statusCode, headers, rawPayload, text: rawPayload.toString('latin1') };
};
const labels = (text: string): string[] =>
  [...text.matchAll(/-----BEGIN ([A-Z ]+)-----/g)].map(([, label = '']) => label);
const skip = { skip: opensslMissing };

const SUBJECT = { subject: '/CN=a.example' };
const { answer: ca } = await post('/api/v1/certificate/generate', { subject: '/CN=CA', is_ca: true });
const { answer: requested } = await post('/api/v1/csr/generate', SUBJECT);
const SIGNING = { csr: requested.csr, ca_certificate: ca.certificate, ca_private_key: ca.private_key };

t.test('new keys come with what was made of them, in one PEM file', skip, async (t) => {
  const rows = [
    [
      'certificate/generate',
      'key-and-certificate.pem',
      ['PRIVATE KEY', 'CERTIFICATE'],
      'x509 -noout -subject',
    ],
    ['csr/generate', 'key-and-csr.pem', ['PRIVATE KEY', 'CERTIFICATE REQUEST'], 'req -noout -verify'],
  ] as const;
  for (const [path, name, expected, words] of rows) {
    const { statusCode, headers, text, rawPayload } = await ask(path, SUBJECT, 'application/x-pem-file');
    t.equal(statusCode, 200);
    t.match(headers, {
      'content-type': 'application/x-pem-file',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
      vary: /Accept/,
    });
    t.same(labels(text), expected);
    for (const command of [words, 'pkey -noout'])
      t.equal((await openssl(command.split(' '), { input: rawPayload })).code, 0, command);
  }
});

t.test('a key alone is PEM or DER', skip, async (t) => {
  const pem = await ask('keys/generate', { key_format: 'both' }, 'application/x-pem-file');
  t.same(labels(pem.text), ['PRIVATE KEY']);
  t.match(pem.headers, { 'content-disposition': 'attachment; filename="key.pem"' });
  const der = await ask('keys/generate', {}, 'application/pkcs8');
  t.match(der.headers, {
    'content-type': 'application/pkcs8',
    'content-disposition': 'attachment; filename="key.p8"',
  });
  t.equal((await openssl('pkey -inform DER -noout'.split(' '), { input: der.rawPayload })).code, 0);
});

t.test('a signed certificate is the chain in PEM, or alone in DER', skip, async (t) => {
  for (const accept of [
    'application/pem-certificate-chain',
    'application/x-pem-file;q=0.9, application/json;q=0.1',
  ]) {
    const { text, headers } = await ask('csr/sign', SIGNING, accept);
    t.same(labels(text), ['CERTIFICATE', 'CERTIFICATE']);
    t.match(headers, { 'content-disposition': 'attachment; filename="chain.pem"', vary: /Accept/ });
    const verified = await openssl('verify -trusted ca chain'.split(' '), {
      files: { ca: pemOf(ca.certificate), chain: text },
    });
    t.equal(verified.code, 0, verified.stderr);
  }
  const der = await ask('csr/sign', SIGNING, 'application/pkix-cert');
  t.match(der.headers, {
    'content-type': 'application/pkix-cert',
    'content-disposition': 'attachment; filename="certificate.cer"',
  });
  t.equal((await openssl('x509 -inform DER -noout'.split(' '), { input: der.rawPayload })).code, 0);
});

t.test('every other client gets JSON, as before', async (t) => {
  const accepts = [
    '*/*',
    'application/json, text/plain, */*',
    'text/html',
    'application/pkcs10',
    'application/pkix-cert;q=0',
    'application/json;q=0.5, */*',
    'application/json;q=0.5, application/*;q=0.9',
    '',
  ];
  for (const accept of accepts) {
    for (const [path, body] of [
      ['keys/generate', {}],
      ['csr/generate', SUBJECT],
      ['certificate/generate', SUBJECT],
      ['csr/sign', SIGNING],
    ] as const) {
      const { statusCode, headers } = await ask(path, body, accept);
      t.equal(statusCode, 200);
      t.match(headers, { 'content-type': /^application\/json/, 'content-disposition': undefined });
    }
  }
});

t.test('a dry run is JSON', async (t) => {
  const { headers } = await ask('csr/sign', { ...SIGNING, dry_run: true }, 'application/pkix-cert');
  t.match(headers, { 'content-type': /^application\/json/ });
});
