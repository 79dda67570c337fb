import { copyFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import t from 'tap';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import { createStore } from '../../src/storage/open.ts';
import type { Store } from '../../src/storage/ports.ts';
import { backUp } from '../../src/storage/sqlite/backup.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';
import { plainNode } from '../support/plain-node.ts';
import { COMPILE_CACHE, programFile } from '../support/process.ts';
import { until } from '../support/until.ts';
import { PATIENCE } from './conformance.ts';
import { auditOf, createAuthority, issue, newAuthority, NOW, octets } from './samples.ts';

t.test('a backup while certificates are issued is complete and can be restored', async (t) => {
  const folder = t.testdir();
  const { store, preparation } = sqliteStore({ path: databaseIn(folder), timeout: PATIENCE });
  t.teardown(() => store.close());
  await preparation.attempt();
  const creation = newAuthority('Root');
  await store.createAuthority(creation);
  const key = { authorityId: creation.authority.id, authorityKeyId: creation.key.id };
  const issued: string[] = [];
  const done = new AbortController();
  const issuing = Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!done.signal.aborted) issued.push((await issue(store, key)).id);
    }),
  );
  await until(() => issued.length > 50);
  const before = [...issued];
  const copy = join(folder, 'backup.db');
  const report = await backUp(databaseIn(folder), copy);
  await until(() => issued.length > before.length + 20);
  done.abort();
  await issuing;
  t.equal(statSync(copy).mode & 0o777, 0o600);
  t.ok(report.certificates >= before.length);
  t.ok(report.certificates < issued.length, 'issuing went on');
  const restored = await restore(copy, join(folder, 'restored'));
  t.teardown(() => restored.close());
  for (const id of before) t.same(await restored.getCertificate(id), await store.getCertificate(id));
  t.same(await restored.listAuthorityKeys(key.authorityId), await store.listAuthorityKeys(key.authorityId));
  t.same(await restored.auditHead(), report.head);
  t.match(await verifyAuditChain(auditOf(restored), { head: report.head }), { valid: true });
  await issue(restored, key);
  t.equal((await restored.counts(NOW, [])).certificates, report.certificates + 1);
});

async function restore(copy: string, directory: string): Promise<Store> {
  const empty = await createStore({ DATA_DIR: directory });
  await empty?.close();
  copyFileSync(copy, databaseIn(directory));
  const { store, preparation } = sqliteStore({ path: databaseIn(directory), timeout: PATIENCE });
  await preparation.attempt();
  return store;
}

t.test('a damaged database is no backup', async (t) => {
  const folder = t.testdir();
  const store = await createStore({ DATA_DIR: folder });
  if (store === undefined) throw new Error('There is no store');
  await createAuthority(store);
  await store.close();
  const database = new DatabaseSync(databaseIn(folder));
  database.exec(`UPDATE audit_records SET principal = 'key:evil'`);
  database.close();
  const copy = join(folder, 'backup.db');
  await t.rejects(backUp(databaseIn(folder), copy), { message: 'The audit record 1 is changed' });
  t.same(
    readdirSync(folder).filter((name) => name.startsWith('backup')),
    [],
    'nothing is left',
  );
  writeFileSync(copy, octets(10));
  await t.rejects(backUp(databaseIn(folder), copy), { code: 'EEXIST' });
  t.equal(statSync(copy).size, 10);
});

t.test('npm run backup', async (t) => {
  const folder = t.testdir();
  const store = await createStore({ DATA_DIR: folder });
  if (store === undefined) throw new Error('There is no store');
  t.teardown(() => store.close());
  const key = await createAuthority(store);
  await issue(store, key);
  const run = (args: readonly string[], env: NodeJS.ProcessEnv) =>
    plainNode(t, [programFile('scripts/backup.ts'), ...args], {
      cwd: folder,
      env: { ...COMPILE_CACHE, NODE_ENV: 'test', ...env },
    });
  const to = ['--to', join(folder, 'copy.db')];
  const { code, stdout } = await run(to, { DATA_DIR: folder });
  t.equal(code, 0);
  t.match(stdout, /^Copied 1 certificates and 2 audit records to .*\nLast audit record: [\da-f]{64}\n$/);
  const mistakes: [readonly string[], NodeJS.ProcessEnv, RegExp][] = [
    [[], { DATA_DIR: folder }, /^--to must name a file\n/],
    [to, {}, /^DATA_DIR is not set\n/],
    [to, { DATA_DIR: folder }, /^The file of --to exists\n/],
    [['--to', 'other.db'], { DATA_DIR: join(folder, 'none') }, /^There is no database in DATA_DIR\n/],
    [to, { DATABASE_URL: 'postgres://db/a' }, /^The database is PostgreSQL: use pg_dump\n/],
  ];
  for (const [args, env, message] of mistakes) {
    const refused = await run(args, env);
    t.equal(refused.code, 2);
    t.match(refused.stderr, message);
  }
});
