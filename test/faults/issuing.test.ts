/** Issuing over HTTP while something fails: the disk, or the client. */

import { once } from 'node:events';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import t from 'tap';
import { openPatiently } from '../support/authorities.ts';
import { changeStore, startAnonymousService } from '../support/authority-service.ts';
import { startApp } from '../support/service.ts';
import { mountMissing, mountSmallDisk } from '../support/small-disk.ts';
import { succeeding, until } from '../support/until.ts';

const ROOT = '/api/v1/authorities';
const ISSUE = `${ROOT}/root-1/certificates`;
const AUTHORITY = { name: 'root-1', subject: '/CN=Root/O=Example', key_algorithm: 'ml-dsa-44' };
const LEAF = { subject: '/CN=www.example.com', san: ['DNS:www.example.com'], key_algorithm: 'ml-dsa-44' };

t.test(
  'a read-only file system: 503 with Retry-After, until it can be written',
  { skip: mountMissing },
  async (t) => {
    const disk = mountSmallDisk(t);
    const before = await startApp(t, { DATA_DIR: disk.folder }, openPatiently);
    const made = await before.inject({ method: 'POST', url: ROOT, payload: AUTHORITY });
    t.equal(made.statusCode, 201);
    await before.close();

    disk.remount('ro');
    const app = await startApp(t, { DATA_DIR: disk.folder });
    const issue = () => app.inject({ method: 'POST', url: ISSUE, payload: LEAF });
    const begun = performance.now();
    const refused = await issue();
    t.comment(`T70: a read-only file system: 503 after ${Math.round(performance.now() - begun)} ms`);
    t.match(refused.json(), { status: 503, code: 'store-unavailable' });
    t.match(refused.headers['retry-after'], /^\d+$/);
    t.match((await app.inject('/readyz')).json(), { status: 503, checks: { engine: 'ok', store: /./ } });
    t.equal(
      (await app.inject({ method: 'POST', url: '/api/v1/keys/generate' })).statusCode,
      200,
      'without a store',
    );

    disk.remount('rw');
    const issued = await succeeding(async () => {
      const reply = await issue();
      if (reply.statusCode !== 201) throw new Error(reply.body);
      return reply.json();
    });
    t.match((await app.inject(`/api/v1/certificates/${issued.id}`)).json(), { status: 'valid' });
    await until(async () => (await app.inject('/readyz')).statusCode === 200);
  },
);

t.test(
  'a client that is gone when its certificate is stored can list it, and request it again',
  async (t) => {
    const { app, client } = await startAnonymousService(t);
    t.equal((await client.post(ROOT, AUTHORITY)).statusCode, 201);
    await app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = app.server.address() as AddressInfo;
    const headers = { 'Idempotency-Key': '"lost"', 'Content-Type': 'application/json' };
    const call = request({ port, method: 'POST', path: ISSUE, headers });
    const store = app.authorityDomain?.store;
    if (store === undefined) throw new Error('There is no store');
    const connected = once(app.server, 'connection');
    await t.test('the connection breaks between the commit and the reply', async (t) => {
      changeStore(t, store, (original) => ({
        async complete(completion) {
          const outcome = await original.complete(completion);
          const [socket] = await connected;
          call.socket?.resetAndDestroy();
          await once(socket, 'close');
          return outcome;
        },
      }));
      call.end(JSON.stringify(LEAF));
      await t.rejects(once(call, 'response'), { code: 'ECONNRESET' });
    });
    const listed = (await client.get('/api/v1/certificates?san=DNS:www.example.com')).json();
    t.equal(listed.certificates.length, 1);
    const [{ id }] = listed.certificates;
    const again = await client.post(ISSUE, LEAF, { 'Idempotency-Key': '"lost"' });
    t.match({ status: again.statusCode, id: again.json().id }, { status: 201, id });
    const { certificates } = await store.counts(new Date(), []);
    t.equal(certificates, 1);
    t.comment(`T72: 2 requests with one Idempotency-Key: ${certificates} certificate`);
  },
);
