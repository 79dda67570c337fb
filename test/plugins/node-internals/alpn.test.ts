/** The protocol of a connection. TLS is the same for both protocols. */

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import t, { type Test } from 'tap';
import { authority, certificatePem, keyPem, openDomain, requestPem } from '../../support/domain.ts';
import { openssl, opensslMissing } from '../../support/openssl.ts';
import { askHttp2, openSession } from '../../support/protocols.ts';
import { identityOf, serve } from '../../support/tls.ts';

const { issuer } = await openDomain(t);
const own = await identityOf(issuer);

async function shakeHands(t: Test, port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  t.teardown(() => socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

t.test('a server of node:https has one listener of its own for secureConnection', async (t) => {
  const listeners = createServer(own).listeners('secureConnection');
  t.equal(listeners.length, 1, `Node ${process.version} serves HTTPS by other listeners: see alpn.ts`);
});

t.test('clients that offer h2 get HTTP/2, all others HTTP/1.1', async (t) => {
  const { port } = await serve(t, own);
  for (const [asked, settled] of [
    [['h2'], 'h2'],
    [['http/1.1', 'h2'], 'h2'],
    [['http/1.1'], 'http/1.1'],
    [['http/1.0'], 'http/1.0'],
    [undefined, false],
  ] as const) {
    const socket = await shakeHands(t, port, asked === undefined ? {} : { ALPNProtocols: [...asked] });
    t.equal(socket.alpnProtocol, settled);
    if (settled === 'h2') continue;
    socket.write('GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    t.match(await text(socket), /^HTTP\/1\.1 200 OK\r\n/);
  }
  await t.rejects(shakeHands(t, port, { ALPNProtocols: ['h3'] }), /alert/);
});

t.test('over TLS 1.2 no cipher is accepted that HTTP/2 forbids', { skip: opensslMissing }, async (t) => {
  const args = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -subj /CN=localhost -keyout -';
  const { stdout } = await openssl(args.split(' '));
  const pem = stdout.toString();
  const { port } = await serve(t, { cert: pem.slice(pem.indexOf('-----BEGIN CERT')), key: pem });
  const old = { maxVersion: 'TLSv1.2', ALPNProtocols: ['h2'] } as const;
  const socket = await shakeHands(t, port, old);
  t.equal(socket.getProtocol(), 'TLSv1.2');
  // RFC 9113 §9.2.2 and appendix A: the remaining ciphers have ephemeral keys and authenticated encryption.
  t.match(socket.getCipher().name, /^ECDHE-ECDSA-(AES\d+-GCM-SHA\d+|CHACHA20-POLY1305)$/);
  for (const ciphers of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA256', 'ECDHE-ECDSA-AES256-SHA']) {
    await t.rejects(shakeHands(t, port, { ...old, ciphers }), /alert/, ciphers);
  }
});

t.test('a client certificate is also available over HTTP/2', async (t) => {
  const ca = await issuer.selfSigned({ algorithm: 'ml-dsa-87', subject: '/CN=CA', days: 90, isCa: true });
  const members = await authority(ca.certificate, ca.key);
  const { csr, key } = await issuer.createCsr({ algorithm: 'ml-dsa-44', subject: '/CN=me' });
  const wish = { ...members, csr: requestPem(csr), days: 30, isCa: false };
  const { certificate } = await issuer.signCsr(wish);
  const client = { cert: certificatePem(certificate), key: await keyPem(key) };
  const { port } = await serve(t, own, members.caCertificate);
  for (const [identity, status] of [
    [client, 200],
    [own, 403],
    [{}, 403],
  ] as const) {
    const session = openSession(t, port, { ca: own.cert, ...identity });
    const reply = await askHttp2(session, { path: '/me' });
    t.equal(reply.status, status);
    if (status === 200) t.same(JSON.parse(reply.body), { subject: 'CN=me' });
    t.equal((await askHttp2(session, { path: '/livez' })).status, 200);
  }
});

t.test('a certificate is renewed without closing a connection', async (t) => {
  const { app, port, folder } = await serve(t, own);
  const session = openSession(t, port, { ca: own.cert });
  t.equal((await askHttp2(session, { path: '/health' })).status, 200);
  const next = await identityOf(issuer, { subject: '/CN=next' });
  writeFileSync(join(folder, 'cert'), next.cert);
  writeFileSync(join(folder, 'key'), next.key);
  await app.reload();
  t.equal((await askHttp2(session, { path: '/health' })).status, 200, 'the open connection');
  const other = openSession(t, port, { ca: next.cert });
  t.equal((await askHttp2(other, { path: '/health' })).status, 200, 'a new connection');
});
