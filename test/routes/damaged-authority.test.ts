/** Authorities of which one has a certificate that was damaged in the store. */

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { openPatiently } from '../support/authorities.ts';
import { pemOf, startApp } from '../support/service.ts';

const ROOT = '/api/v1/authorities';

/** The service publishes CRLs at the same time: a write waits for its lock. */
const openBeside = (data: string) => new DatabaseSync(databaseIn(data), { timeout: 60_000 });

t.test('the list shows the other authorities, and the one that is asked for is named', async (t) => {
  const data = join(t.testdir(), 'data');
  const app = await startApp(t, { DATA_DIR: data }, openPatiently);
  for (const name of ['damaged', 'whole']) {
    const payload = { name, subject: `/CN=${name}`, key_algorithm: 'ml-dsa-44' };
    t.equal((await app.inject({ method: 'POST', url: ROOT, payload })).statusCode, 201);
  }
  const database = openBeside(data);
  database
    .prepare(
      "UPDATE authority_keys SET certificate = x'3003020101' WHERE authority_id = (SELECT id FROM authorities WHERE name = 'damaged')",
    )
    .run();
  database.close();

  const list = await app.inject(ROOT);
  t.equal(list.statusCode, 200);
  const [damaged, whole] = list.json().authorities;
  t.equal(damaged.name, 'damaged');
  t.notOk(damaged.keys[0].certificate);
  t.match(pemOf(whole.keys[0].certificate).toString(), /BEGIN CERTIFICATE/);
  t.equal((await app.inject(`${ROOT}/whole`)).statusCode, 200);

  for (const path of ['', '/certificate', '/chain']) {
    for (const accept of ['application/json', 'application/pem-certificate-chain']) {
      const reply = await app.inject({ url: `${ROOT}/damaged${path}`, headers: { accept } });
      t.equal(reply.statusCode, 503);
      t.match(reply.json(), {
        code: 'key-unavailable',
        error: new RegExp(`key ${damaged.keys[0].id} of the authority damaged in the store was changed`),
      });
    }
  }
  const disabled = await app.inject({ method: 'POST', url: `${ROOT}/damaged/disable` });
  t.match(disabled.json(), { name: 'damaged', status: 'disabled' }, 'it can still be disabled');
});

t.test('a retired key whose certificate is damaged does not withhold the certificate in use', async (t) => {
  const data = join(t.testdir(), 'data');
  const app = await startApp(t, { DATA_DIR: data }, openPatiently);
  const payload = { name: 'rotated', subject: '/CN=rotated', key_algorithm: 'ml-dsa-44' };
  t.equal((await app.inject({ method: 'POST', url: ROOT, payload })).statusCode, 201);
  const rotated = await app.inject({ method: 'POST', url: `${ROOT}/rotated/rotate`, payload: {} });
  t.equal(rotated.statusCode, 200);
  const database = openBeside(data);
  database.prepare("UPDATE authority_keys SET certificate = x'3003020101' WHERE state = 'retired'").run();
  database.close();

  for (const path of ['/certificate', '/chain']) {
    const headers = { accept: 'application/pem-certificate-chain' };
    const reply = await app.inject({ url: `${ROOT}/rotated${path}`, headers });
    t.equal(reply.statusCode, 200, path);
    t.match(reply.body, /^-----BEGIN CERTIFICATE-----/);
  }
  t.equal((await app.inject(`${ROOT}/rotated`)).json().code, 'key-unavailable');
});
