/** deploy/nginx/mldsa-publication.conf: a real nginx caches CRLs of a real service, and serves them while it is away. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { decodePem } from '../../src/formats/pem.ts';
import { ocspRequest, readReply } from '../support/ocsp.ts';
import { startProgram } from '../support/children.ts';
import { freePort } from '../support/free-port.ts';
import { ROOT } from '../support/process.ts';
import { startApp } from '../support/service.ts';
import { missing, nginxPath } from '../support/services.ts';
import { succeeding } from '../support/until.ts';

const file = (name: string): string => readFileSync(join(ROOT, 'deploy/nginx', name), 'utf8');

/** The files of the guide, on free ports and in a folder of the test. */
const configuration = (folder: string, port: number, service: number): string => `
  worker_processes 1; pid pid; error_log stderr crit; events {}
  http {
    access_log off; client_body_temp_path body; proxy_temp_path proxy;
    fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    ${file('mldsa-api-upstream.conf')
      .replace(/server 127.0.0.1:8001/, `server 127.0.0.1:${service}`)
      .replace(/server 127.0.0.1:8002.*/, '')}
    ${file('mldsa-publication.conf')
      .replace('/var/cache/nginx', folder)
      .replace('listen 80;', `listen 127.0.0.1:${port};`)
      .replace('listen [::]:80;', '')
      .replace('200 30s', '200 1s')}
  }`;

const skip = nginxPath === undefined && missing('nginx is not installed');

type Get = (path: string) => Promise<Response>;

/** Signed responses are cached; errors, and what is for one client, are not. */
async function expectOcspCached(t: Test, get: Get, pem: Uint8Array): Promise<void> {
  const root = { certificate: decodePem(pem, 'CERTIFICATE') };
  const base64 = (nonce?: Uint8Array) =>
    Buffer.from(ocspRequest(root, [Uint8Array.of(7)], nonce && { nonce })).toString('base64');
  const statusOf = async (path: string) => {
    const reply = await get(path);
    const { status } = readReply(new Uint8Array(await reply.arrayBuffer()));
    return [status, reply.headers.get('x-cache-status')];
  };
  const path = `/ocsp/${encodeURIComponent(base64())}`;
  t.same(await statusOf(path), ['successful', 'MISS']);
  t.match((await statusOf(path))[1], /^(?:HIT|UPDATING|REVALIDATED|STALE)$/);
  t.same(await statusOf(`/ocsp/${base64()}`), ['successful', 'MISS'], 'without percent-encoding');
  for (const once of [`/ocsp/${encodeURIComponent(base64(Buffer.alloc(32, 1)))}`, '/ocsp/AAAA'])
    for (let i = 0; i < 2; i += 1) t.equal((await statusOf(once))[1], 'MISS');
}

t.test('nginx caches a CRL, and serves it while the service is away', { skip }, async (t) => {
  const folder = t.testdir({});
  const app = await startApp(t, { DATA_DIR: join(folder, 'data'), CRL_DELAY: '1' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port: service } = app.server.address() as AddressInfo;
  const created = await succeeding(async () => {
    const payload = { name: 'root', subject: '/CN=Root', key_algorithm: 'ml-dsa-44' };
    const reply = await app.inject({ method: 'POST', url: '/api/v1/authorities', payload });
    if (reply.statusCode !== 201) throw new Error(reply.body);
    return reply.json();
  });
  const port = await freePort();
  mkdirSync(join(folder, 'nginx'));
  writeFileSync(join(folder, 'nginx', 'nginx.conf'), configuration(folder, port, service));
  const args = ['-p', join(folder, 'nginx'), '-c', 'nginx.conf', '-e', 'stderr', '-g', 'daemon off;'];
  startProgram(t, nginxPath ?? '', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const get = (path: string, options: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { headers: { Host: 'crl.example.com' }, ...options });
  const path = `/crl/${created.keys[0].id}.crl`;
  const first = await succeeding(async () => {
    const reply = await get(path);
    if (reply.status !== 200) throw new Error(String(reply.status));
    return reply;
  });
  const crl = Buffer.from(await first.arrayBuffer());
  const etag = first.headers.get('etag') ?? '';
  const second = await get(path);
  t.match(second.headers.get('x-cache-status'), /^(?:HIT|UPDATING|REVALIDATED|STALE)$/);
  t.same(Buffer.from(await second.arrayBuffer()), crl);
  t.equal((await get(path, { headers: { 'If-None-Match': etag } })).status, 304);
  t.equal((await get('/api/v1/info')).status, 404, 'nothing else is published');
  t.equal((await get(path, { method: 'POST', body: '' })).status, 403);
  await expectOcspCached(t, get, Buffer.from(created.keys[0].certificate, 'base64'));
  await app.close();
  await succeeding(async () => {
    const reply = await get(path);
    await reply.arrayBuffer();
    if (reply.headers.get('x-cache-status') !== 'STALE') throw new Error('The cache still asked the service');
  });
  t.same(Buffer.from(await (await get(path)).arrayBuffer()), crl);
});
