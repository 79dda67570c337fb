import { generateKeyPairSync } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { openssl, opensslMissing } from '../support/openssl.ts';
import {
  haproxyMissing,
  haproxyPath,
  keytoolMissing,
  keytoolPath,
  nginxMissing,
  nginxPath,
  unzipMissing,
  unzipPath,
} from '../support/services.ts';
import { pemOf, startApp } from '../support/service.ts';

const app = await startApp(t);

const PASSWORD = 'correct horse';

const post = (url: string, payload: object, headers = {}) =>
  app.inject({ method: 'POST', url: `/api/v1/${url}`, payload, headers });

const bundle = async (payload: object, headers = {}) => {
  const reply = await post('bundle', payload, headers);
  return { reply, body: reply.json() };
};

const root = (await post('certificate/generate', { subject: '/CN=Root', is_ca: true })).json();

/** A certificate that `ca` issued, with its key. */
async function issued(ca: { chain: string; private_key: string }, subject: string, members: object) {
  const requested = (await post('csr/generate', { subject })).json();
  const reply = await post('csr/sign', {
    csr: requested.csr,
    ca_certificate: ca.chain,
    ca_private_key: ca.private_key,
    ...members,
  });
  return { ...reply.json(), private_key: requested.private_key };
}

const issuing = await issued({ ...root, chain: root.certificate }, '/CN=Issuing', { is_ca: true, days: 30 });
const leaf = await issued(issuing, '/CN=www.example.com', { days: 10, san: ['DNS:www.example.com'] });

const certificates = [leaf.certificate, issuing.certificate, root.certificate].map(pemOf);
/** The chain in the wrong order. */
const chain = Buffer.concat([certificates[2], certificates[1]] as Buffer[]).toString('base64');
const given = { certificate: leaf.certificate, chain };
const withKey = { ...given, key: leaf.private_key };
const SUBJECTS = ['/CN=www.example.com', '/CN=Issuing', '/CN=Root'];

const ED25519 = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });

const octetsOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

t.test('a chain is sorted', async (t) => {
  const { body } = await bundle({ format: 'pem-chain', ...given });
  t.equal(octetsOf(body.bundle).toString(), certificates.join(''));
  t.match(body, { file_name: 'fullchain.pem', certificates: SUBJECTS, notes: [] });
  const all = Buffer.concat([octetsOf(chain), certificates[0] ?? Buffer.alloc(0)]).toString('base64');
  const { body: together } = await bundle({ format: 'fullchain', certificate: all });
  t.same(together.certificates, SUBJECTS);
  for (const order of [
    [2, 0, 1],
    [1, 2, 0],
    [0, 1, 2],
  ]) {
    const certificate = Buffer.concat(order.map((index) => certificates[index] ?? Buffer.alloc(0)));
    const twice = { certificate: certificate.toString('base64'), chain: certificate.toString('base64') };
    t.same((await bundle({ format: 'fullchain', ...twice })).body.certificates, SUBJECTS, order.join());
  }
});

t.test('the limits of programs that a chain exceeds are named', async (t) => {
  const { body } = await bundle({ format: 'nginx', ...withKey });
  t.same(
    body.warnings.map(({ code }: { code: string }) => code),
    ['proxy-header-buffer', 'tls-record', 'tls-flight'],
  );
  t.same((await bundle({ format: 'nginx', ...(await classicalPair()) })).body.warnings, []);
});

t.test('what does not fit is refused', async (t) => {
  const other = (await post('certificate/generate', { subject: '/CN=Other', is_ca: true })).json();
  const cases: readonly (readonly [object, string, string, RegExp])[] = [
    [
      { format: 'zip', ...given, key: other.private_key },
      'key-mismatch',
      '/key',
      /any of the 3 certificates/,
    ],
    [
      { format: 'pem-chain', certificate: leaf.certificate, chain: root.certificate },
      'invalid-certificate',
      '/chain',
      /CN=Root .* is not part of the chain/,
    ],
    [
      { format: 'pem-chain', ...given, key: leaf.private_key },
      'invalid-key-options',
      '/key',
      /has no private key/,
    ],
    [{ format: 'nginx', ...given }, 'invalid-key-options', '/key', /needs the private key/],
    [{ format: 'pkcs12', ...withKey }, 'invalid-key-options', '/new_password', /needs a password/],
    [
      { format: 'nginx', ...withKey, new_password: PASSWORD },
      'invalid-key-options',
      '/new_password',
      /pkcs12 only, not with nginx/,
    ],
    [
      { format: 'zip', ...given, key: ED25519, key_format: 'both' },
      'invalid-key-options',
      '/key_format',
      /no seed/,
    ],
    [{ format: 'zip', ...withKey, mac: 'hmac' }, 'invalid-key-options', '/mac', /pkcs12 only/],
    [{ format: 'zip', certificate: 'bm9uZQ==' }, 'invalid-encoding', '/certificate', /neither PEM nor DER/],
  ];
  for (const [body, code, pointer, message] of cases) {
    const { reply, body: problem } = await bundle(body);
    t.equal(reply.statusCode, 400);
    t.match(problem, { code, detail: message, errors: [{ pointer }] }, JSON.stringify(problem));
  }
});

const pfxOf = async (members: object): Promise<Buffer> => {
  const { body } = await bundle({ format: 'pkcs12', new_password: PASSWORD, ...members });
  return octetsOf(body.bundle);
};

t.test('OpenSSL opens PKCS #12 with both MACs', { skip: opensslMissing }, async (t) => {
  for (const [mac, expected] of [
    ['hmac', /MAC: sha256, Iteration 2048/],
    ['pbmac1', /MAC: PBMAC1 using PBKDF2/],
  ] as const) {
    const pfx = await pfxOf({ ...withKey, mac, friendly_name: 'www' });
    const { code, stdout, stderr } = await openssl(
      ['pkcs12', '-info', '-in', 'p12', '-passin', `pass:${PASSWORD}`, '-nodes'],
      { files: { p12: pfx } },
    );
    t.equal(code, 0, stderr);
    t.match(stderr, expected);
    t.match(stderr, /PBES2, PBKDF2, AES-256-CBC, Iteration 100000, PRF hmacWithSHA256/);
    t.match(stdout.toString(), /friendlyName: www/);
    t.equal(stdout.toString().match(/BEGIN CERTIFICATE/g)?.length, 3);
    t.match(stdout.toString(), /BEGIN PRIVATE KEY/);
    const wrong = await openssl(['pkcs12', '-in', 'p12', '-passin', 'pass:x', '-nodes'], {
      files: { p12: pfx },
    });
    t.not(wrong.code, 0);
  }
});

t.test('PKCS #12 is read back by this service', async (t) => {
  const pfx = await pfxOf({ ...withKey, mac: 'pbmac1' });
  const reply = await post('keys/convert', { key: pfx.toString('base64'), password: PASSWORD });
  t.equal(reply.json().private_key, leaf.private_key);
  t.equal(String(pemOf(reply.json().certificates)), certificates.join(''), 'the certificates are not lost');
});

t.test('a PKCS #12 file has its certificates with it', async (t) => {
  const key = (await pfxOf(withKey)).toString('base64');
  const { body } = await bundle({ format: 'nginx', key, password: PASSWORD });
  t.equal(octetsOf(body.bundle).toString(), certificates.join(''));
  t.equal(body.private_key, leaf.private_key);
  for (const missing of [{ key: leaf.private_key }, {}]) {
    const { reply, body: problem } = await bundle({ format: 'zip', ...missing });
    t.equal(reply.statusCode, 400);
    t.match(problem, { code: 'invalid-certificate', errors: [{ pointer: '/certificate' }] });
  }
});

t.test('keytool opens PKCS #12, with a key and without one', { skip: keytoolMissing }, async (t) => {
  const list = (pfx: Buffer): string => {
    const path = join(t.testdir({}), 'file.p12');
    writeFileSync(path, pfx);
    const { status, stdout } = spawnSync(
      keytoolPath ?? '',
      ['-list', '-keystore', path, '-storetype', 'PKCS12', '-storepass', PASSWORD],
      { encoding: 'utf8' },
    );
    t.equal(status, 0, stdout);
    return stdout;
  };
  const classical = await classicalPair();
  t.match(list(await pfxOf({ ...classical, friendly_name: 'www' })), /www, .*PrivateKeyEntry/);
  t.match(list(await pfxOf({ certificate: classical.certificate })), /trustedCertEntry/);
});

async function classicalPair(): Promise<{ certificate: string; key: string }> {
  const pair = (
    await post('certificate/hybrid', { subject: '/CN=www.example.com', classical_algorithm: 'ecdsa' })
  ).json();
  return { certificate: pair.classical_certificate, key: pair.classical_private_key };
}

t.test('OpenSSL opens PKCS #7', { skip: opensslMissing }, async (t) => {
  const pem = await bundle({ format: 'pkcs7', ...given });
  const der = await post('bundle', { format: 'p7b', ...given }, { accept: 'application/pkcs7-mime' });
  t.match(der.headers['content-disposition'], /bundle\.p7b/);
  for (const [form, file] of [
    ['PEM', octetsOf(pem.body.bundle)],
    ['DER', der.rawPayload],
  ] as const) {
    const { code, stdout } = await openssl(['pkcs7', '-print_certs', '-in', 'p7', '-inform', form], {
      files: { p7: file },
    });
    t.equal(code, 0, form);
    t.equal(stdout.toString().match(/BEGIN CERTIFICATE/g)?.length, 3);
  }
});

t.test('unzip opens the archive', { skip: unzipMissing }, async (t) => {
  const reply = await post('bundle', { format: 'zip', ...withKey }, { accept: 'application/zip' });
  t.equal(reply.headers['content-disposition'], 'attachment; filename="certificate.zip"');
  const path = join(t.testdir({}), 'certificate.zip');
  writeFileSync(path, reply.rawPayload);
  const listed = spawnSync(unzipPath ?? '', ['-Z', path], { encoding: 'utf8' });
  t.match(listed.stdout, /-rw------- .* privkey\.pem/);
  t.equal(spawnSync(unzipPath ?? '', ['-t', path]).status, 0);
  const names = { 'cert.pem': 0, 'chain.pem': 1, 'fullchain.pem': 2, 'privkey.pem': 3 };
  const contents = Object.keys(names).map((name) => spawnSync(unzipPath ?? '', ['-p', path, name]).stdout);
  t.equal(contents[0]?.toString(), certificates[0]?.toString());
  t.equal(contents[1]?.toString(), certificates.slice(1).join(''));
  t.equal(contents[2]?.toString(), certificates.join(''));
  t.equal(contents[3]?.toString(), pemOf(leaf.private_key).toString());
});

/** The servers may have an OpenSSL without ML-DSA, so the pair is classical; the form of the files is the same. */
const folderWith = (t: Test, files: Readonly<Record<string, string>>): string => t.testdir(files);

t.test('nginx reads its two files', { skip: nginxMissing }, async (t) => {
  const { body } = await bundle({ format: 'nginx', ...(await classicalPair()) });
  t.equal(body.private_key_file_name, 'privkey.pem');
  const folder = folderWith(t, {
    [body.file_name]: octetsOf(body.bundle).toString(),
    [body.private_key_file_name]: octetsOf(body.private_key).toString(),
    'nginx.conf': [
      'pid nginx.pid; error_log stderr; events {}',
      'http { access_log off; server { listen 127.0.0.1:1 ssl;',
      'ssl_certificate fullchain.pem; ssl_certificate_key privkey.pem; } }',
    ].join('\n'),
  });
  const { status, stderr } = spawnSync(nginxPath ?? '', ['-t', '-p', folder, '-c', 'nginx.conf'], {
    encoding: 'utf8',
  });
  t.equal(status, 0, stderr);
});

t.test('HAProxy reads its file', { skip: haproxyMissing }, async (t) => {
  const { body } = await bundle({ format: 'haproxy', ...(await classicalPair()) });
  const folder = folderWith(t, { 'site.pem': octetsOf(body.bundle).toString() });
  const config = join(folder, 'haproxy.cfg');
  writeFileSync(
    config,
    [
      'defaults',
      '  mode http',
      '  timeout client 1s',
      '  timeout connect 1s',
      '  timeout server 1s',
      'frontend tls',
      `  bind 127.0.0.1:1 ssl crt ${join(folder, 'site.pem')}`,
      '',
    ].join('\n'),
  );
  const { status, stderr } = spawnSync(haproxyPath ?? '', ['-c', '-f', config], { encoding: 'utf8' });
  t.equal(status, 0, stderr);
});

t.test('Accept of another type is refused', async (t) => {
  t.equal((await post('bundle', { format: 'zip', ...given }, { accept: 'text/html' })).statusCode, 406);
});
