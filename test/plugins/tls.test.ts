/** TLS in the process: versions and ciphers, client certificates, and the renewal of certificates. */

import { once } from 'node:events';
import { chmodSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { connect as connectPlain } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions } from 'node:tls';
import t from 'tap';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { openDomain } from '../support/domain.ts';
import { buildEdge } from '../support/edge.ts';
import { openssl, opensslMissing } from '../support/openssl.ts';
import { addressIn, WITHOUT_STORE, run, START } from '../support/process.ts';
import { get, identityOf, serve, tlsVariables } from '../support/tls.ts';
import { until } from '../support/until.ts';

const { issuer } = await openDomain(t);

const NEEDS_OPENSSL = { skip: opensslMissing };

const own = await identityOf(issuer);

/** The negotiated version and cipher, or the error. */
async function shakeHands(port: number, options: ConnectionOptions): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  try {
    await once(socket, 'secureConnect');
    return `${socket.getProtocol()} ${socket.getCipher().name}`;
  } catch (error) {
    return error instanceof Error ? error.message : '';
  } finally {
    socket.destroy();
  }
}

t.test(
  'a certificate that this service issued is usable for TLS, with ML-DSA too',
  NEEDS_OPENSSL,
  async (t) => {
    for (const level of ML_DSA_PARAMETER_SETS) {
      const identity = await identityOf(issuer, { algorithm: level });
      const { port } = await serve(t, identity);
      const args = `s_client -connect 127.0.0.1:${port} -brief -ign_eof -CAfile root -verify_return_error`;
      const { code, stdout, stderr } = await openssl([...args.split(' '), '-verify_hostname', 'localhost'], {
        files: { root: identity.cert },
        input: 'GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      });
      t.equal(code, 0, stderr);
      for (const words of [
        /Protocol version: TLSv1\.3/,
        /group: X25519MLKEM768/,
        new RegExp(`Signature type: ${level.replaceAll('-', '')}`),
        /Verification: OK/,
      ]) {
        t.match(stderr, words, level);
      }
      t.match(stdout.toString(), /^HTTP\/1\.1 200 OK\r\n[^]*"healthy"/);
    }
  },
);

t.test('a reply over https has HSTS', async (t) => {
  const { port } = await serve(t, own);
  const { status, headers } = await get({ port, ca: own.cert, path: '/health' });
  t.equal(status, 200);
  t.equal(headers['strict-transport-security'], 'max-age=31536000; includeSubDomains');
});

t.test('old versions and ciphers of TLS are rejected', NEEDS_OPENSSL, async (t) => {
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=localhost -keyout -';
  const { stdout } = await openssl(args.split(' '));
  const pem = stdout.toString();
  const { port } = await serve(t, { cert: pem.slice(pem.indexOf('-----BEGIN CERT')), key: pem });
  const weak = { minVersion: 'TLSv1', ciphers: 'ALL@SECLEVEL=0' } as const;
  t.match(await shakeHands(port, {}), /^TLSv1\.3 TLS_AES_256_GCM_SHA384$/);
  t.match(await shakeHands(port, { maxVersion: 'TLSv1.2' }), /^TLSv1\.2 ECDHE-ECDSA-AES256-GCM-SHA384$/);
  for (const [name, options] of Object.entries({
    'TLS 1.1': { ...weak, maxVersion: 'TLSv1.1' },
    'TLS 1.0': { ...weak, maxVersion: 'TLSv1' },
    CBC: { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA' },
    'no forward secrecy': { maxVersion: 'TLSv1.2', ciphers: 'AES256-GCM-SHA384' },
  } as const)) {
    t.match(await shakeHands(port, options), /alert/, name);
  }
});

t.test('malformed messages are rejected over TLS too', async (t) => {
  const { port } = await serve(t, own);
  for (const [message, status] of [
    ['GET /health HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', 400],
    ['GET /health HTTP/1.1\r\nHost: a\r\nX : 1\r\n\r\n', 400],
    [`GET /health HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    ['CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n', 405],
  ] as const) {
    const socket = connect({ port, host: '127.0.0.1', ca: own.cert, servername: 'localhost' });
    socket.write(message);
    t.match(await text(socket), new RegExp(`^HTTP/1\\.1 ${status} [^]*"error":`));
  }
  t.equal(await text(connectPlain(port, '127.0.0.1')), '', 'a connection without a handshake is closed');
});

t.test('a certificate is renewed without closing a connection', async (t) => {
  const { app, log, port, folder } = await serve(t, own);
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: own.cert });
  t.teardown(() => agent.destroy());
  const ask = async (): Promise<number> => (await get({ port, agent, path: '/health' })).status;
  const shown = async (): Promise<unknown> => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { subject } = socket.getPeerCertificate();
    socket.destroy();
    return subject.CN;
  };
  t.equal(await ask(), 200);
  t.equal(await shown(), 'localhost');

  const second = await identityOf(issuer, { subject: '/CN=second' });
  writeFileSync(join(folder, 'cert'), second.cert);
  await app.reload();
  t.equal(await shown(), 'localhost', 'a renewed certificate without its key is ignored');
  t.match(log.at(-1), { level: 50, err: { message: /^TLS_KEY_FILE must name the file/ } });
  writeFileSync(join(folder, 'key'), second.key);
  await app.reload();
  t.equal(await shown(), 'second');
  t.equal(await ask(), 200, 'the open connection');

  const third = await identityOf(issuer, { subject: '/CN=third' });
  writeFileSync(join(folder, 'cert'), third.cert);
  writeFileSync(join(folder, 'key'), third.key);
  await t.resolves(
    until(async () => (await shown()) === 'third'),
    'a change of the files is detected',
  );
  t.equal(await ask(), 200);
});

t.test(
  'the process reloads its certificate at SIGHUP, and an invalid certificate ends the start with exit code 78',
  async (t) => {
    const folder = t.testdir({ ...own });
    const files = { TLS_CERT_FILE: join(folder, 'cert'), TLS_KEY_FILE: join(folder, 'key') };
    const service = run(t, [START], { ...WITHOUT_STORE, ...files });
    const address = addressIn(await service.listening);
    t.match(address, /^https:/);
    service.kill('SIGHUP');
    await service.logged('TLS_CERT_FILE is read again');
    const { port } = new URL(address);
    t.equal((await get({ port, ca: own.cert, path: '/readyz' })).status, 200);
    service.kill('SIGTERM');
    t.equal((await service.end).code, 0);

    writeFileSync(files.TLS_CERT_FILE, 'no certificate');
    const { code, stderr } = await run(t, [START], { ...WITHOUT_STORE, ...files }).end;
    t.equal(code, 78);
    t.match(stderr, /^Configuration: TLS_CERT_FILE must name a file that begins with .*\n$/);
  },
);

t.test('a world-readable key is logged as a warning', async (t) => {
  const folder = t.testdir({ ...own });
  for (const [mode, warnings] of [
    [0o600, 0],
    [0o644, 1],
  ] as const) {
    chmodSync(join(folder, 'key'), mode);
    const { log } = await buildEdge(t, tlsVariables(folder));
    t.equal(log.filter(({ msg }) => String(msg).startsWith('TLS_KEY_FILE can be read')).length, warnings);
  }
});
