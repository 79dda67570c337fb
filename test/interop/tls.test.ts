/** TLS 1.3 with certificates of the service: between s_server and s_client of OpenSSL 3.5, and inside Node.js. */

import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import t, { type Test } from 'tap';
import {
  ML_DSA_PARAMETER_SETS,
  type MlDsaParameterSetName,
} from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { startProgram } from '../support/children.ts';
import { authority, certificatePem, keyPem, openDomain, requestPem } from '../support/domain.ts';
import { openssl, opensslMissing, opensslProgram } from '../support/openssl.ts';
import type { Files } from './judge.ts';

const { issuer } = await openDomain(t);
const san = ['www.example.com'];
const subject = '/CN=Example';

/** PEM texts of the certificates that a server sends, and that its clients trust. */
interface Identity {
  readonly key: string;
  /** The leaf, then the intermediate certificates. */
  readonly chain: string;
  readonly root: string;
}

async function selfSigned(algorithm: MlDsaParameterSetName): Promise<Identity> {
  const { certificate, key } = await issuer.selfSigned({ algorithm, subject, san, days: 30, isCa: false });
  const chain = certificatePem(certificate);
  return { key: await keyPem(key), chain, root: chain };
}

/** Root and intermediate CA have other parameter sets than the leaf. */
async function certified(parameterSet: MlDsaParameterSetName): Promise<Identity> {
  const others = ML_DSA_PARAMETER_SETS.filter((other) => other !== parameterSet);
  const [rootLevel = parameterSet, intermediateLevel = parameterSet] = others;
  const root = await issuer.selfSigned({ algorithm: rootLevel, subject: '/CN=Root', days: 90, isCa: true });
  const rootMember = await authority(root.certificate, root.key);
  const asked = await issuer.createCsr({ algorithm: intermediateLevel, subject: '/CN=CA' });
  const wish = { csr: requestPem(asked.csr), days: 60, isCa: true, pathLength: 0 };
  const ca = await issuer.signCsr({ ...rootMember, ...wish });
  const caMember = await authority(ca.certificate, asked.key);
  const { csr, key } = await issuer.createCsr({ algorithm: parameterSet, subject, san });
  const leaf = await issuer.signCsr({ ...caMember, csr: requestPem(csr), days: 30, isCa: false });
  const chain = certificatePem(leaf.certificate) + certificatePem(ca.certificate);
  return { key: await keyPem(key), chain, root: certificatePem(root.certificate) };
}

const identities = await Promise.all(
  ML_DSA_PARAMETER_SETS.flatMap((parameterSet) => [
    selfSigned(parameterSet).then((identity) => ({ parameterSet, kind: 'self-signed', ...identity })),
    certified(parameterSet).then((identity) => ({ parameterSet, kind: 'issued by a CA', ...identity })),
  ]),
);

async function startServer(t: Test, { key, chain }: Identity): Promise<string> {
  const cwd = await mkdtemp(join(tmpdir(), 's_server-'));
  await Promise.all([writeFile(join(cwd, 'key'), key), writeFile(join(cwd, 'chain'), chain)]);
  const args = 's_server -accept 127.0.0.1:0 -tls1_3 -key key -cert chain -cert_chain chain';
  t.teardown(() => rm(cwd, { recursive: true }));
  const server = startProgram(t, opensslProgram, args.split(' '), {
    cwd,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  return portOf(server);
}

async function portOf({ stdout }: ChildProcess): Promise<string> {
  let text = '';
  for await (const chunk of stdout ?? []) {
    text += String(chunk);
    const port = /ACCEPT \S+:(\d+)/.exec(text)?.[1];
    if (port !== undefined) return port;
  }
  throw new Error(`s_server ended: ${text}`);
}

function connect(port: string, host: string, files: Files) {
  const trust = `-CAfile root -verify_return_error -verify_hostname ${host}`;
  const args = `s_client -connect 127.0.0.1:${port} -tls1_3 -brief ${trust}`;
  return openssl(args.split(' '), { files });
}

t.test('s_client of OpenSSL accepts s_server with our certificates', { skip: opensslMissing }, async (t) => {
  for (const identity of identities) {
    await t.test(`${identity.parameterSet}, ${identity.kind}`, async (t) => {
      const port = await startServer(t, identity);
      const good = await connect(port, 'www.example.com', { root: identity.root });
      t.equal(good.code, 0, good.stderr);
      t.match(good.stderr, /Verification: OK/);
      t.match(good.stderr, new RegExp(`Signature type: ${identity.parameterSet.replaceAll('-', '')}`));
      const bad = await connect(port, 'www.example.org', { root: identity.root });
      t.match(bad.stderr, /hostname mismatch/, 'another host name is rejected');
      t.not(bad.code, 0);
    });
  }
});

t.test('a Node.js client accepts a Node.js server with our certificates', async (t) => {
  for (const { parameterSet, kind, key, chain, root } of identities) {
    const server = tls.createServer({ key, cert: chain, minVersion: 'TLSv1.3' }, (socket) =>
      socket.end('hello'),
    );
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const client = tls.connect({ host: '127.0.0.1', port, ca: root, servername: 'www.example.com' });
    await once(client, 'secureConnect');
    t.ok(client.authorized, `${parameterSet}, ${kind}`);
    t.equal(client.getProtocol(), 'TLSv1.3');
    client.destroy();
    server.close();
    await once(server, 'close');
  }
});
