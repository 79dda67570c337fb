/** A replica of an older version stores terms without the facts of their certificates. They are found all the same. */

import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import type { CertificateFilter, CertificateOrder, Store } from '../../src/storage/ports.ts';
import { postgresStore } from '../../src/storage/postgres/postgres-store.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { PATIENCE } from './conformance.ts';
import { createAuthority, daysFrom, issue, NOW, octets } from './samples.ts';

/** Every second certificate. */
const FORGET = `UPDATE certificate_terms SET not_after = NULL, facts = NULL
  WHERE certificate_id IN (SELECT id FROM certificates WHERE subject = 'CN=old')`;

/** `change` runs a statement. */
async function testOlderTerms(t: Test, store: Store, change: (sql: string) => void): Promise<void> {
  const key = await createAuthority(store);
  const ids: string[] = [];
  for (const [index, name] of ['new', 'old', 'new', 'old'].entries()) {
    const { id } = await issue(store, key, {
      der: octets(50),
      subject: `CN=${name}`,
      names: [{ type: 'dns', value: `${index}.${name}.example` }],
      principal: index < 2 ? 'key:one' : 'key:two',
      notAfter: daysFrom(NOW, 10 - index),
      issuedAt: daysFrom(NOW, index),
    });
    ids.push(id);
  }
  const [, second, , fourth] = ids;
  const found = async (filter: CertificateFilter, order: CertificateOrder): Promise<string[]> =>
    (await store.searchCertificates({ filter, order, now: NOW, limit: 10 })).map(({ id }) => id);
  // SQLite writes the terms before the first search for them.
  t.same(await found({ name: '*.old.example' }, 'oldest-first'), [second, fourth]);
  change(FORGET);
  t.same(await found({ name: '*.old.example' }, 'oldest-first'), [second, fourth]);
  t.same(await found({ name: '*.old.example' }, 'expiring-first'), [fourth, second]);
  t.same(await found({ name: '*.old.example', principal: 'key:one' }, 'newest-first'), [second]);
  t.same(await found({ name: '*.old.example', principal: 'key:two' }, 'expiring-first'), [fourth]);
  const expiring = { to: daysFrom(NOW, 8) };
  t.same(await found({ subject: 'old', expiring, status: 'valid' }, 'expiring-first'), [fourth]);
  t.same(await found({ subject: 'old', expiring: { from: daysFrom(NOW, 8) } }, 'newest-first'), [second]);
  t.same(await found({ name: '*.example' }, 'expiring-first'), ids.toReversed());
}

t.test('SQLite', async (t) => {
  const path = databaseIn(t.testdir());
  const { store, preparation } = sqliteStore({ path, timeout: PATIENCE });
  t.teardown(() => store.close());
  await preparation.attempt();
  await testOlderTerms(t, store, (sql) => {
    const database = new DatabaseSync(path, { timeout: PATIENCE });
    database.exec(sql);
    database.close();
  });
});

t.test('PostgreSQL', { skip: postgresMissing }, async (t) => {
  const server = await startPostgres(t);
  const { store, preparation } = postgresStore({ url: server.url, timeout: PATIENCE });
  t.teardown(() => store.close());
  await preparation.attempt();
  await testOlderTerms(t, store, (sql) => void server.sql(sql));
});
