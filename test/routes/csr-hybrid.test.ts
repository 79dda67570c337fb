/** Two keys and two CSRs in one request, and pairs as files. */

import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { unzipMissing, unzipPath } from '../support/services.ts';

const app = await startApp(t);
const post = poster(app);
const ask = async (path: string, payload: object, accept: string) =>
  app.inject({ method: 'POST', url: `/api/v1/${path}`, payload, headers: { accept } });
const skip = { skip: opensslMissing };

const PAIR = { subject: '/CN=a.test', san: ['DNS:a.test', 'DNS:b.test'], classical_algorithm: 'ecdsa' };
const hybrid = (body: object) => post('/api/v1/csr/hybrid', { ...PAIR, ...body });

t.test('both CSRs have the same subject and names, and OpenSSL verifies them', skip, async (t) => {
  for (const classical of [
    { classical_algorithm: 'ecdsa', ec_curve: 'P-384' },
    { classical_algorithm: 'rsa', rsa_key_size: 2048 },
  ]) {
    const { statusCode, answer } = await hybrid({ ...classical, security_level: 'ml-dsa-44' });
    t.equal(statusCode, 200);
    t.match(answer, {
      subject: PAIR.subject,
      security_level: 'ml-dsa-44',
      classical_algorithm: classical.classical_algorithm,
    });
    for (const half of ['ml_dsa', 'classical'] as const) {
      const files = { csr: pemOf(answer[`${half}_csr`]), key: pemOf(answer[`${half}_private_key`]) };
      const words = 'req -in csr -verify -noout -subject -text -pubkey'.split(' ');
      const read = await openssl(words, { files });
      t.equal(read.code, 0, read.stderr);
      t.match(read.stdout.toString(), /CN ?= ?a\.test[^]*DNS:a\.test, DNS:b\.test/);
      const key = await openssl('pkey -in key -pubout'.split(' '), { files });
      t.ok(read.stdout.toString().includes(key.stdout.toString()), 'the CSR is of its key');
      t.equal(pemOf(answer[`${half}_public_key`]).toString(), key.stdout.toString());
      t.equal(answer.sizes[half].csr, derLength(files.csr));
    }
  }
});

const derLength = (pem: Buffer): number =>
  Buffer.from(pem.toString().replaceAll(/-----.*-----/g, ''), 'base64').length;

t.test('members about the certificate apply to both', async (t) => {
  const { answer } = await hybrid({ profile: 'tls-server', extensions: { must_staple: true } });
  for (const csr of [answer.ml_dsa_csr, answer.classical_csr]) {
    const { answer: shown } = await post('/api/v1/csr/inspect', { csr });
    t.match(JSON.stringify(shown), /serverAuth[^]*tlsFeature|tlsFeature[^]*serverAuth/);
  }
});

t.test('what one of the keys cannot have is refused before a key is made', async (t) => {
  const rows: readonly (readonly [body: object, pointer: string])[] = [
    [{ rsa_key_size: 2048 }, '/rsa_key_size'],
    [{ classical_algorithm: 'rsa', ec_curve: 'P-256' }, '/ec_curve'],
    [{ subject: '', san: [] }, '/subject'],
    [{ key_usage: ['keyEncipherment'] }, '/key_usage/0'],
    [{ classical_algorithm: 'dsa' }, '/classical_algorithm'],
    [{ bind: true }, '/bind'],
  ];
  for (const [body, pointer] of rows) {
    const { statusCode, answer } = await hybrid(body);
    t.equal(statusCode, 400, pointer);
    t.match(answer.errors, [{ pointer }]);
  }
});

const FILES = [
  ['certificate/hybrid', 'fullchain', 'CERTIFICATE', 'keys-and-certificates.pem', 'certificates.zip'],
  ['csr/hybrid', 'csr', 'CERTIFICATE REQUEST', 'keys-and-csrs.pem', 'csrs.zip'],
] as const;

t.test(
  'a PEM file has the ML-DSA key and its certificate or CSR, then the classical ones',
  skip,
  async (t) => {
    for (const [path, , label, name] of FILES) {
      const { statusCode, headers, body } = await ask(path, PAIR, 'application/x-pem-file');
      t.equal(statusCode, 200);
      t.match(headers, {
        'content-type': 'application/x-pem-file',
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
        vary: /Accept/,
      });
      const blocks = body.match(/-----BEGIN[^]*?-----END .*-----\n/g) ?? [];
      t.same(
        blocks.map((block) => /BEGIN ([A-Z ]+)-/.exec(block)?.[1]),
        ['PRIVATE KEY', label, 'PRIVATE KEY', label],
      );
      const read = label === 'CERTIFICATE' ? 'x509' : 'req';
      for (const [key = '', made = ''] of [blocks.slice(0, 2), blocks.slice(2)]) {
        const ofKey = await openssl('pkey -pubout'.split(' '), { input: Buffer.from(key) });
        const ofMade = await openssl([read, '-noout', '-pubkey'], { input: Buffer.from(made) });
        t.equal(ofKey.stdout.toString(), ofMade.stdout.toString());
      }
      const text = await openssl('pkey -noout -text'.split(' '), { input: Buffer.from(blocks[0] ?? '') });
      t.match(text.stdout.toString(), /ML-DSA-65/);
    }
  },
);

t.test('an archive has four files with the names of bundle', { skip: unzipMissing }, async (t) => {
  for (const [path, member, , , name] of FILES) {
    const { headers, rawPayload } = await ask(path, PAIR, 'application/zip');
    t.match(headers, {
      'content-type': 'application/zip',
      'content-disposition': `attachment; filename="${name}"`,
    });
    const folder = t.testdir({});
    writeFileSync(join(folder, 'a.zip'), rawPayload);
    t.equal(spawnSync(unzipPath ?? '', ['-q', 'a.zip'], { cwd: folder }).status, 0);
    const names = [`${member}-ecdsa.pem`, `${member}-ml-dsa.pem`, 'privkey-ecdsa.pem', 'privkey-ml-dsa.pem'];
    t.same(
      readdirSync(folder)
        .filter((one) => one !== 'a.zip')
        .toSorted(),
      names.toSorted(),
    );
    for (const file of names.filter((one) => one.startsWith('privkey'))) {
      t.equal(statSync(join(folder, file)).mode & 0o777, 0o600, 'only the owner can read a key');
      t.match(readFileSync(join(folder, file), 'latin1'), /^-----BEGIN PRIVATE KEY/);
    }
  }
});

t.test('every other client gets JSON', async (t) => {
  for (const accept of ['*/*', 'text/html', 'application/pkix-cert', 'application/zip;q=0'])
    for (const [path] of FILES) {
      const { headers } = await ask(path, PAIR, accept);
      t.match(headers, { 'content-type': /^application\/json/, 'content-disposition': undefined });
    }
});
