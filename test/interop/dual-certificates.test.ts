/** Bundles of two certificates: a client with ML-DSA and a classical client each get the certificate that they support. */

import { writeFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startProgram } from '../support/children.ts';
import { freePort } from '../support/free-port.ts';
import { mlDsaServers, mlDsaServersMissing, type MlDsaServer } from '../support/ml-dsa-servers.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { pemOf, poster, startApp } from '../support/service.ts';
import { succeeding } from '../support/until.ts';

const app = await startApp(t);
const post = poster(app);

const { answer: pair } = await post('/api/v1/certificate/hybrid', {
  subject: '/CN=localhost',
  san: ['DNS:localhost'],
  classical_algorithm: 'ecdsa',
  bind: true,
});
const MEMBERS = {
  certificate: pair.ml_dsa_certificate,
  key: pair.ml_dsa_private_key,
  second_certificate: pair.classical_certificate,
  second_key: pair.classical_private_key,
};

/** Makes the bundle, and writes its files into a new folder. */
async function writeBundle(t: Test, format: string) {
  const { statusCode, answer } = await post('/api/v1/bundle', { format, ...MEMBERS });
  if (statusCode !== 200) throw new Error(JSON.stringify(answer));
  const files = Object.fromEntries(
    [
      [answer.file_name, answer.bundle],
      [answer.private_key_file_name, answer.private_key],
      [answer.second_file_name, answer.second_bundle],
      [answer.second_private_key_file_name, answer.second_private_key],
    ]
      .filter(([name]) => name !== undefined)
      .map(([name, content]) => [name, pemOf(content).toString()]),
  );
  return { folder: t.testdir(files), names: Object.keys(files), configuration: answer.configuration };
}

/** Returns the type of the signature of the server in a handshake with a client that supports only `algorithm`. */
async function handshake(port: number, algorithm: string): Promise<string> {
  const files = { ca: Buffer.concat([pemOf(pair.ml_dsa_certificate), pemOf(pair.classical_certificate)]) };
  const args = [
    '-connect',
    `127.0.0.1:${port}`,
    '-servername',
    'localhost',
    '-tls1_3',
    '-sigalgs',
    algorithm,
  ];
  const { stdout, stderr } = await openssl(
    ['s_client', ...args, '-CAfile', 'ca', '-verify_return_error', '-brief'],
    { files, input: '' },
  );
  const text = stdout.toString() + stderr;
  if (!text.includes('Verification: OK')) throw new Error(text);
  return /Signature type: (\S+)/.exec(text)?.[1] ?? text;
}

async function checkBoth(t: Test, port: number): Promise<void> {
  t.equal(await succeeding(() => handshake(port, 'mldsa65')), 'mldsa65');
  t.equal(await handshake(port, 'ecdsa_secp256r1_sha256'), 'ecdsa_secp256r1_sha256');
}

function start(t: Test, server: MlDsaServer | undefined, args: readonly string[], cwd: string): void {
  if (server === undefined) throw new Error('The server is missing');
  startProgram(t, server.command, [...server.args, ...args], { cwd, stdio: ['ignore', 'ignore', 'ignore'] });
}

const skip = opensslMissing || mlDsaServersMissing;

t.test('nginx', { skip }, async (t) => {
  const { folder, names, configuration } = await writeBundle(t, 'nginx');
  t.same(names, ['fullchain-ml-dsa.pem', 'privkey-ml-dsa.pem', 'fullchain-ecdsa.pem', 'privkey-ecdsa.pem']);
  const port = await freePort();
  const text = `pid nginx.pid; error_log stderr; events {}
    http {
      access_log off; client_body_temp_path t; proxy_temp_path t; fastcgi_temp_path t; uwsgi_temp_path t; scgi_temp_path t;
      server { listen 127.0.0.1:${port} ssl; ${configuration.nginx} }
    }`;
  writeFileSync(join(folder, 'nginx.conf'), text);
  start(
    t,
    mlDsaServers.nginx,
    ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'],
    folder,
  );
  await checkBoth(t, port);
});

t.test('HAProxy', { skip }, async (t) => {
  const { folder, names, configuration } = await writeBundle(t, 'haproxy');
  t.same(names, ['site-ml-dsa.pem', 'site-ecdsa.pem']);
  const port = await freePort();
  const timeouts = ['client', 'connect', 'server'].map((name) => `  timeout ${name} 5s\n`).join('');
  const bind = configuration.haproxy.replace(':443', `127.0.0.1:${port}`);
  writeFileSync(join(folder, 'haproxy.cfg'), `defaults\n  mode http\n${timeouts}frontend site\n  ${bind}`);
  start(t, mlDsaServers.haproxy, ['-db', '-f', 'haproxy.cfg'], folder);
  await checkBoth(t, port);
});

t.test('Apache', { skip }, async (t) => {
  const { folder, configuration } = await writeBundle(t, 'nginx');
  const port = await freePort();
  const modules = join(mlDsaServers.apache2?.root ?? '', '/usr/lib/apache2/modules');
  const load = ['mpm_event', 'authz_core', 'ssl'].map(
    (name) => `LoadModule ${name}_module ${modules}/mod_${name}.so\n`,
  );
  const text = `${load.join('')}ServerName localhost\nPidFile apache.pid\nErrorLog apache.log\nUser #65534\nGroup #65534
    Listen 127.0.0.1:${port}\nSSLEngine on\n${configuration.apache}`;
  writeFileSync(join(folder, 'apache.conf'), text);
  start(t, mlDsaServers.apache2, ['-d', folder, '-f', join(folder, 'apache.conf'), '-DFOREGROUND'], folder);
  await checkBoth(t, port);
});

t.test('Node.js', { skip: opensslMissing }, async (t) => {
  const [one, two] = [
    [MEMBERS.certificate, MEMBERS.key],
    [MEMBERS.second_certificate, MEMBERS.second_key],
  ].map((texts) => texts.map(pemOf));
  const server = createServer({
    cert: [one?.[0] ?? '', two?.[0] ?? ''],
    key: [one?.[1] ?? '', two?.[1] ?? ''],
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  await checkBoth(t, (server.address() as AddressInfo).port);
});
