/** The private keys of authorities and of what they issue: where they must not be, and what happens when they are damaged. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { openPatiently, openStore } from '../support/authorities.ts';
import { keyPem, openDomain } from '../support/domain.ts';
import { pemOf, startApp } from '../support/service.ts';
import { until } from '../support/until.ts';

const { keys } = await openDomain(t);
const ROOT = '/api/v1/authorities';

/** The contents of every file below a folder. */
const contentsOf = (folder: string): readonly Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));

/** The forms in which octets could be written. */
const formsOf = (octets: Buffer): readonly Buffer[] => [
  octets,
  ...(['base64', 'base64url', 'hex'] as const).map((encoding) =>
    Buffer.from(octets.toString(encoding).slice(0, 40)),
  ),
  Buffer.from(octets.toString('hex').toUpperCase()),
];

/** The DER of a PEM text. */
const derOf = (pem: string): Buffer => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');

t.test('T58: no octet of a private key is in the database, the log or a reply', async (t) => {
  const folder = t.testdir();
  const data = join(folder, 'data');
  const app = await startApp(
    t,
    { DATA_DIR: data, LOG_LEVEL: 'trace', LOG_FILE: join(folder, 'log', 'service.log') },
    openPatiently,
  );
  const replies: Buffer[] = [];
  const post = async (url: string, payload: object) => {
    const reply = await app.inject({ method: 'POST', url, payload });
    return { reply, answer: reply.json() };
  };
  const key = await keys.generate('ml-dsa-65');
  const expanded = Buffer.from(await key.exportPkcs8('expanded'));
  const ca = await post('/api/v1/certificate/generate', { subject: '/CN=CA', profile: 'ca' });
  const imported = await post(`${ROOT}/import`, {
    name: 'imported',
    certificate: ca.answer.certificate,
    private_key: ca.answer.private_key,
  });
  t.equal(imported.reply.statusCode, 201);
  const wrong = await post(`${ROOT}/import`, {
    name: 'wrong',
    certificate: ca.answer.certificate,
    private_key: await keyPem(key),
  });
  t.equal(wrong.reply.statusCode, 400);
  const leaf = await post(`${ROOT}/imported/certificates`, { subject: '/CN=leaf' });
  t.equal(leaf.reply.statusCode, 201);
  const again = await post(`${ROOT}/imported/certificates`, { renew: leaf.answer.id });
  const rotated = await post(`${ROOT}/imported/rotate`, {});
  const shown = await app.inject(`${ROOT}/imported`);
  replies.push(...[imported, wrong, again, rotated].map(({ reply }) => reply.rawPayload), shown.rawPayload);

  const seeds = [ca, leaf].map(({ answer }) => derOf(pemOf(answer.private_key).toString()).subarray(-32));
  const secrets = [...seeds, expanded.subarray(30, 62), expanded.subarray(-64, -32)];
  const files = contentsOf(folder);
  t.ok(
    files.some((file) => file.includes('authority/import')),
    'the database and the log were read',
  );
  t.ok(files.some((file) => file.includes('"audit"')));
  for (const [index, secret] of secrets.entries())
    for (const form of formsOf(secret))
      t.notOk(
        [...files, ...replies].some((content) => content.includes(form)),
        `secret ${index}`,
      );
  // The same search finds what is there.
  const certificate = derOf(pemOf(leaf.answer.certificate).toString());
  t.ok(files.some((file) => file.includes(certificate.subarray(-64))));
});

t.test(
  'a sealed key that was changed in the database is refused, logged, and shown by /readyz',
  async (t) => {
    const folder = t.testdir();
    const data = join(folder, 'data');
    const environment = { DATA_DIR: data, LOG_LEVEL: 'info', LOG_FILE: join(folder, 'log', 'service.log') };
    const first = await startApp(t, environment, openPatiently);
    for (const name of ['damaged', 'disabled', 'intact'])
      t.equal(
        (
          await first.inject({
            method: 'POST',
            url: ROOT,
            payload: { name, subject: `/CN=${name}`, key_algorithm: 'ml-dsa-44' },
          })
        ).statusCode,
        201,
      );
    await first.close();
    for (const name of ['damaged', 'disabled']) changeSealedKey(databaseIn(data), name);

    const app = await startApp(t, environment, openPatiently);
    const issue = (name: string) =>
      app.inject({ method: 'POST', url: `${ROOT}/${name}/certificates`, payload: { subject: '/CN=leaf' } });
    const refused = await issue('damaged');
    t.equal(refused.statusCode, 503);
    t.match(refused.json(), {
      code: 'key-unavailable',
      detail: 'The sealed private key of the authority in the store was changed or is damaged',
    });
    t.equal((await issue('intact')).statusCode, 201);
    const ready = await app.inject('/readyz');
    t.equal(ready.statusCode, 200, 'other authorities work');
    t.match(ready.json(), {
      checks: { store: 'ok', 'authority-keys': 'degraded: the private key of an authority cannot be used' },
    });
    t.match((await app.inject('/metrics')).body, /^authority_keys_unusable 2$/m);
    t.match(JSON.parse((await app.inject(`${ROOT}/damaged`)).body), { status: 'enabled' });
    await until(() =>
      contentsOf(join(folder, 'log')).some((file) => file.includes('was changed or is damaged')),
    );
    await app.inject({ method: 'POST', url: `${ROOT}/damaged/rotate`, payload: {} });
    t.equal((await issue('damaged')).statusCode, 201, 'the new key is used');
    t.match(
      (await app.inject('/readyz')).body,
      'degraded',
      'the key of the other authority is still damaged',
    );
    await app.inject({ method: 'POST', url: `${ROOT}/disabled/disable` });
    await until(async () => !(await app.inject('/readyz')).body.includes('degraded'));
  },
);

t.test('a process that can open no key is not ready', async (t) => {
  const data = join(t.testdir(), 'data');
  const first = await startApp(t, { DATA_DIR: data }, openPatiently);
  const payload = { name: 'only', subject: '/CN=only', key_algorithm: 'ml-dsa-44' };
  t.equal((await first.inject({ method: 'POST', url: ROOT, payload })).statusCode, 201);
  await first.close();
  changeSealedKey(databaseIn(data), 'only');
  const app = await startApp(t, { DATA_DIR: data }, openPatiently);
  await until(async () => (await app.inject('/readyz')).statusCode === 503);
  t.match((await app.inject('/readyz')).json(), {
    checks: { store: 'ok', 'authority-keys': 'no private key of an authority can be used' },
  });
});

/** Changes one octet of the ciphertext. */
function changeSealedKey(path: string, name: string): void {
  const database = new DatabaseSync(path);
  const row = database
    .prepare(
      'SELECT k.id, k.sealed FROM authority_keys k JOIN authorities a ON a.id = k.authority_id WHERE a.name = ?',
    )
    .get(name) as { readonly id: string; readonly sealed: Uint8Array };
  const sealed = Uint8Array.from(row.sealed);
  sealed[30] = (sealed[30] ?? 0) ^ 1;
  database.prepare('UPDATE authority_keys SET sealed = ? WHERE id = ?').run(sealed, row.id);
  database.close();
}

t.test('what a process left reserved is logged at the next start, and listed', async (t) => {
  const folder = t.testdir();
  const environment = {
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'info',
    LOG_FILE: join(folder, 'log', 'service.log'),
  };
  const first = await startApp(t, environment, openPatiently);
  const payload = { name: 'root', subject: '/CN=Root', key_algorithm: 'ml-dsa-44' };
  const { id, keys: made } = (await first.inject({ method: 'POST', url: ROOT, payload })).json();
  await first.close();
  const store = await openStore(environment.DATA_DIR);
  await store.reserve({
    id: '5d0b4f0e-7a5b-4f1e-9d3a-2f6c1b0a9e77',
    authorityId: id,
    authorityKeyId: made[0].id,
    serial: Uint8Array.of(1, 2),
    principal: 'key:ci',
    profile: 'end-entity',
    profileVersion: 1,
    requestedAt: new Date(Date.now() - 1000),
  });
  await store.close();

  const app = await startApp(t, environment, openPatiently);
  const { reservations } = (await app.inject(`${ROOT}/root/reservations`)).json();
  t.match(reservations, [{ serial_number: '0102', principal: 'key:ci', profile: 'end-entity' }]);
  await until(() => contentsOf(join(folder, 'log')).some((file) => file.includes('"serial":"0102"')));
});
