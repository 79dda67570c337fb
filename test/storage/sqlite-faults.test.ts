/** Faults of the disk and of the file: the store fails closed, and works again without a restart. */

import { copyFileSync, openSync, closeSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import { createStore } from '../../src/storage/open.ts';
import type { Store } from '../../src/storage/ports.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';
import { mountMissing, mountSmallDisk } from '../support/small-disk.ts';
import { succeeding } from '../support/until.ts';
import { PATIENCE } from './conformance.ts';
import { testFairness, testKills } from './kill.ts';
import { testMigrations, testReplicas } from './replicas.ts';
import { auditOf, createAuthority, event, issue, NOW, octets, reservationOf } from './samples.ts';

const UNAVAILABLE = { name: 'PkiError', code: 'store-unavailable' };

async function openIn(t: Test, directory: string, timeout = PATIENCE): Promise<Store> {
  const { store, preparation } = sqliteStore({ path: databaseIn(directory), timeout });
  t.teardown(() => store.close());
  await preparation.attempt();
  return store;
}

const isChainValid = async (store: Store): Promise<boolean> =>
  (await verifyAuditChain(auditOf(store), { head: await store.auditHead() })).valid;

t.test('only the owner can read the files', async (t) => {
  const directory = join(t.testdir(), 'new', 'data');
  const store = await openIn(t, directory);
  await store.appendAudit(event());
  t.equal(statSync(directory).mode & 0o777, 0o700);
  for (const suffix of ['', '-wal', '-shm'])
    t.equal(statSync(databaseIn(directory) + suffix).mode & 0o777, 0o600);
});

t.test('a full disk: nothing is confirmed that is not stored', { skip: mountMissing }, async (t) => {
  const disk = mountSmallDisk(t);
  const store = await openIn(t, disk.folder);
  const key = await createAuthority(store);
  const before = await issue(store, key, { der: octets(200) });
  disk.fill();
  await t.rejects(
    (async () => {
      for (;;) await issue(store, key, { der: octets(4000) });
    })(),
    { ...UNAVAILABLE, message: 'The database is on a full disk' },
  );
  t.equal(await store.fault(), 'writing');
  t.ok(await store.getCertificate(before.id), 'reading works');
  t.ok(await isChainValid(store), 'the audit chain is valid');
  disk.clear();
  t.ok(await issue(store, key, { der: octets(200) }));
  t.equal(await store.fault(), undefined);
  t.ok(await isChainValid(store), 'the audit chain is still valid');
});

t.test('a read-only file system', { skip: mountMissing }, async (t) => {
  const disk = mountSmallDisk(t);
  disk.remount('ro');
  const store = await createStore({ DATA_DIR: disk.folder });
  if (store === undefined) throw new Error('There is no store');
  t.teardown(() => store.close());
  await t.rejects(store.appendAudit(event()), UNAVAILABLE);
  await t.rejects(store.auditHead(), UNAVAILABLE);
  t.equal(await store.fault(), 'connection');
  disk.remount('rw');
  await succeeding(() => store.appendAudit(event()));
  t.equal((await store.auditHead()).sequence, 1);
});

t.test('a file that was deleted is not replaced by an empty one', async (t) => {
  const directory = t.testdir();
  const path = databaseIn(directory);
  const store = await openIn(t, directory);
  const key = await createAuthority(store);
  const { id } = await issue(store, key);
  for (const suffix of ['', '-wal', '-shm']) renameSync(path + suffix, `${path}.away${suffix}`);
  await t.rejects(store.reserve(reservationOf(key)), {
    ...UNAVAILABLE,
    message: 'The database file is missing',
  });
  await t.rejects(store.getCertificate(id), UNAVAILABLE);
  t.equal(await store.fault(), 'connection');
  for (const suffix of ['-shm', '-wal', '']) {
    if (statSync(`${path}.away${suffix}`, { throwIfNoEntry: false }))
      renameSync(`${path}.away${suffix}`, path + suffix);
  }
  t.ok(await store.getCertificate(id), 'the certificate is stored');
  await issue(store, key);
  t.equal(await store.fault(), undefined);
  t.ok(await isChainValid(store), 'the audit chain is valid');
});

t.test('a corrupt page is an error, not a wrong result', async (t) => {
  const directory = t.testdir();
  const path = databaseIn(directory);
  const first = await openIn(t, directory);
  const key = await createAuthority(first);
  for (let count = 0; count < 20; count += 1) await issue(first, key);
  await first.close();
  copyFileSync(path, `${path}.good`);
  damagePages(path);
  const store = await openIn(t, directory).catch((error: unknown) => error);
  if (!(store instanceof Error)) {
    await t.rejects(
      (store as Store).searchCertificates({ filter: {}, now: NOW, order: 'oldest-first', limit: 50 }),
      {
        ...UNAVAILABLE,
        message: 'The database is damaged',
      },
    );
  } else {
    t.match(store, UNAVAILABLE);
  }
  copyFileSync(`${path}.good`, `${path}.new`);
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true });
  renameSync(`${path}.new`, path);
  const again = store instanceof Error ? await openIn(t, directory) : (store as Store);
  t.equal((await again.counts(NOW, [])).certificates, 20);
  t.ok(await isChainValid(again), 'the audit chain is valid');
});

/** Every page except the first ones, which have the schema. */
function damagePages(path: string): void {
  const file = openSync(path, 'r+');
  for (let offset = 80 * 1024; offset < statSync(path).size; offset += 1024) {
    writeSync(file, new Uint8Array(64).fill(0xff), 0, 64, offset);
  }
  closeSync(file);
}

t.test('a lock of another process: refused in time, and a queue that is bounded', async (t) => {
  const directory = t.testdir();
  const store = await openIn(t, directory, 2000);
  await store.appendAudit(event());
  const other = new DatabaseSync(databaseIn(directory));
  t.teardown(() => other.close());
  other.prepare('BEGIN IMMEDIATE').run();
  const results = await Promise.allSettled(Array.from({ length: 1200 }, () => store.appendAudit(event())));
  const messages = new Set(
    results.map((result) => (result.status === 'rejected' ? result.reason.message : 'stored')),
  );
  t.ok(
    messages.has('The database has too many writes waiting'),
    'some writes were refused because too many waited',
  );
  t.notOk(messages.has('stored'), 'no write was stored');
  t.ok(await store.auditHead(), 'reading works');
  other.prepare('ROLLBACK').run();
  await succeeding(() => store.appendAudit(event()));
  t.ok(await isChainValid(store), 'the audit chain is valid');
});

t.test('several processes migrate and issue together', async (t) => {
  const path = databaseIn(t.testdir());
  await testReplicas(t, () => sqliteStore({ path, timeout: PATIENCE }));
});

t.test('processes that write all the time get the lock in turn', async (t) => {
  await testFairness(t, ['sqlite', t.testdir()]);
});

t.test('an edited migration is refused, a failed one leaves nothing', async (t) => {
  const path = databaseIn(join(t.testdir(), 'data'));
  await testMigrations(t, 'sqlite', (migrations) => sqliteStore({ path, migrations, timeout: PATIENCE }));
});

t.test('kill -9 loses nothing that was confirmed', async (t) => {
  const directory = t.testdir();
  await testKills(t, ['sqlite', directory], () => openIn(t, directory));
});
