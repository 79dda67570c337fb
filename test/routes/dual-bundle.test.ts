/** Bundles of two certificates for one name; test/interop has their TLS handshakes. */

import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { unzipMissing, unzipPath } from '../support/services.ts';
import { pemOf, startApp } from '../support/service.ts';

const app = await startApp(t);
const post = (url: string, payload: object, headers = {}) =>
  app.inject({ method: 'POST', url: `/api/v1/${url}`, payload, headers });

const PAIR = { subject: '/CN=a.test', san: ['DNS:a.test'] };
const pair = (await post('certificate/hybrid', { ...PAIR, classical_algorithm: 'ecdsa' })).json();
const mlDsa = { certificate: pair.ml_dsa_certificate, key: pair.ml_dsa_private_key };
const classical = {
  second_certificate: pair.classical_certificate,
  second_key: pair.classical_private_key,
};

t.test('nginx and Apache: two files for each certificate, and the lines that load them', async (t) => {
  const reply = await post('bundle', { format: 'nginx', ...mlDsa, ...classical });
  t.equal(reply.statusCode, 200);
  const body = reply.json();
  t.match(body, {
    file_name: 'fullchain-ml-dsa.pem',
    private_key_file_name: 'privkey-ml-dsa.pem',
    second_file_name: 'fullchain-ecdsa.pem',
    second_private_key_file_name: 'privkey-ecdsa.pem',
    configuration: {
      nginx:
        'ssl_certificate fullchain-ml-dsa.pem;\nssl_certificate_key privkey-ml-dsa.pem;\n' +
        'ssl_certificate fullchain-ecdsa.pem;\nssl_certificate_key privkey-ecdsa.pem;\n',
      apache:
        'SSLCertificateFile fullchain-ml-dsa.pem\nSSLCertificateKeyFile privkey-ml-dsa.pem\n' +
        'SSLCertificateFile fullchain-ecdsa.pem\nSSLCertificateKeyFile privkey-ecdsa.pem\n',
    },
  });
  t.equal(pemOf(body.second_bundle).toString(), pemOf(pair.classical_certificate).toString());
  t.equal(pemOf(body.second_private_key).toString(), pemOf(pair.classical_private_key).toString());
});

t.test('HAProxy: the classical certificate is first, in whatever order they are given', async (t) => {
  const given = {
    certificate: pair.classical_certificate,
    key: pair.classical_private_key,
    second_certificate: pair.ml_dsa_certificate,
    second_key: pair.ml_dsa_private_key,
    key_format: 'expanded',
  };
  const body = (await post('bundle', { format: 'haproxy', ...given })).json();
  t.equal(body.configuration.haproxy, 'bind :443 ssl crt site-ecdsa.pem crt site-ml-dsa.pem\n');
  t.match(pemOf(body.bundle).toString(), /CERTIFICATE-----\n[^]+PRIVATE KEY-----\n/);
  t.equal(body.private_key, undefined);
});

t.test('an archive has the files of both', { skip: unzipMissing }, async (t) => {
  const accept = { accept: 'application/zip' };
  for (const [format, headers] of [
    ['zip', {}],
    ['nginx', accept],
  ] as const) {
    const reply = await post('bundle', { format, ...mlDsa, ...classical }, headers);
    const octets = format === 'zip' ? pemOf(reply.json().bundle) : reply.rawPayload;
    const path = join(t.testdir({}), 'certificates.zip');
    writeFileSync(path, octets);
    t.same(
      spawnSync(unzipPath ?? '', ['-Z1', path])
        .stdout.toString()
        .trim()
        .split('\n'),
      ['fullchain-ml-dsa.pem', 'privkey-ml-dsa.pem', 'fullchain-ecdsa.pem', 'privkey-ecdsa.pem'],
    );
  }
  const refused = await post('bundle', { format: 'nginx', ...mlDsa, ...classical }, { accept: 'text/html' });
  t.equal(refused.statusCode, 406);
});

const other = (await post('certificate/generate', PAIR)).json();

const REFUSED: readonly (readonly [at: string, message: RegExp, body: object])[] = [
  ['/second_certificate', /not for pkcs12/, { format: 'pkcs12', new_password: 'x', ...classical }],
  [
    '/second_certificate',
    /another algorithm, and both have ml-dsa/,
    { second_certificate: other.certificate, second_key: other.private_key },
  ],
  ['/second_certificate', /needs second_certificate/, { second_key: pair.classical_private_key }],
  ['/second_key', /needs the private key/, { second_certificate: pair.classical_certificate }],
  ['/second_certificate', /./, { ...classical, second_certificate: 'bm9uZQ==' }],
  ['/second_key', /./, { ...classical, second_key: 'bm9uZQ==' }],
  ['/second_key', /not the key of the certificate/, { ...classical, second_key: pair.ml_dsa_private_key }],
];

t.test('an error names the member of the second certificate', async (t) => {
  for (const [at, message, body] of REFUSED) {
    const reply = await post('bundle', { format: 'nginx', ...mlDsa, ...body });
    t.equal(reply.statusCode, 400, at);
    t.match(reply.json().errors, [{ pointer: at, message }], reply.body);
  }
});
