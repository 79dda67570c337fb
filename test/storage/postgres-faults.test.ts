/** Faults of PostgreSQL: the store fails closed, and works again without a restart. */

import { join } from 'node:path';
import { Client } from 'pg';
import t, { type Test } from 'tap';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import { createStore } from '../../src/storage/open.ts';
import type { Store } from '../../src/storage/ports.ts';
import { postgresStore } from '../../src/storage/postgres/postgres-store.ts';
import { freePort } from '../support/free-port.ts';
import { runProgram } from '../support/children.ts';
import { DURABLE, postgresMissing, postgresProgram, startPostgres } from '../support/postgres.ts';
import { succeeding } from '../support/until.ts';
import { PATIENCE } from './conformance.ts';
import { testFairness, testKills } from './kill.ts';
import { testMigrations, testReplicas } from './replicas.ts';
import { auditOf, certificateOf, createAuthority, event, issue, NOW, reservationOf } from './samples.ts';

const UNAVAILABLE = { name: 'PkiError', code: 'store-unavailable' };

async function openAt(t: Test, url: string, timeout = PATIENCE): Promise<Store> {
  const { store, preparation } = postgresStore({ url, timeout });
  t.teardown(() => store.close());
  await preparation.attempt();
  return store;
}

const isChainValid = async (store: Store): Promise<boolean> =>
  (await verifyAuditChain(auditOf(store), { head: await store.auditHead() })).valid;

t.test('faults of PostgreSQL', { skip: postgresMissing }, async (t) => {
  const server = await startPostgres(t, [
    ...DURABLE,
    'max_connections=40',
    'superuser_reserved_connections=3',
  ]);

  t.test('several replicas migrate and issue together', async (t) => {
    const url = server.createDatabase('replicas');
    await testReplicas(t, () => postgresStore({ url, timeout: PATIENCE }));
  });

  t.test('replicas issue together with serializable transactions', async (t) => {
    const url = server.createDatabase('serializable');
    server.sql(`ALTER DATABASE serializable SET default_transaction_isolation = 'serializable'`);
    await testReplicas(t, () => postgresStore({ url, timeout: PATIENCE }));
  });

  t.test('replicas that write all the time get the audit chain in turn', async (t) => {
    await testFairness(t, ['postgres', server.createDatabase('fairness')]);
  });

  t.test('an edited migration is refused, a failed one leaves nothing', async (t) => {
    const url = server.createDatabase('migrations');
    await testMigrations(t, 'postgres', (migrations) =>
      postgresStore({ url, migrations, timeout: PATIENCE }),
    );
  });

  t.test('a password, a name and a URL never appear in an error', async (t) => {
    const port = await freePort();
    for (const url of [
      `postgres://secret-user:secret-password@127.0.0.1:${port}/secret-database`,
      server.url.replace('owner@', 'secret-user:secret-password@'),
      server.url.replace('/postgres', '/secret-database').replace(/\/[^/]*$/, '/secret-database'),
    ]) {
      const store = await createStore({ DATABASE_URL: url });
      const error: unknown = await store?.auditHead().catch((error: unknown) => error);
      t.match(error, { ...UNAVAILABLE, message: /^The database (?!.*secret)/ });
      t.equal(await store?.fault(), 'connection');
      await store?.close();
    }
  });

  t.test('kill -9 of a replica loses nothing that was confirmed', async (t) => {
    const url = server.createDatabase('kills');
    await testKills(t, ['postgres', url], () => openAt(t, url));
  });

  t.test('a crash of PostgreSQL loses nothing that was confirmed', async (t) => {
    const store = await openAt(t, server.createDatabase('crash'), 2000);
    const key = await succeeding(() => createAuthority(store));
    const stored: string[] = [];
    const crash = new AbortController();
    const issueOne = async (): Promise<void> => void stored.push((await issue(store, key)).id);
    const issuing = Promise.allSettled(
      Array.from({ length: 8 }, async () => {
        while (!crash.signal.aborted) await issueOne().catch(() => {});
        for (;;) await issueOne();
      }),
    );
    await succeeding(async () => {
      if (stored.length < 40) throw new Error('not yet');
    });
    crash.abort();
    await server.crash();
    for (const { status, ...result } of await issuing) {
      t.equal(status, 'rejected');
      t.match(result, { reason: UNAVAILABLE });
    }
    t.equal(await store.fault(), 'connection');
    await t.rejects(store.reserve(reservationOf(key)), UNAVAILABLE);
    await server.start();
    for (const id of stored) t.ok(await succeeding(() => store.getCertificate(id)));
    await succeeding(() => issue(store, key));
    t.ok(await isChainValid(store), 'the audit chain is valid');
  });

  t.test('a PostgreSQL that hangs: refused in time', async (t) => {
    const store = await openAt(t, server.createDatabase('hang'), 2000);
    const key = await succeeding(() => createAuthority(store));
    const reservation = reservationOf(key);
    await succeeding(() => store.reserve(reservation));
    const completion = { certificate: certificateOf(reservation), audit: event('certificate/issue') };
    server.signal('SIGSTOP');
    const results = await Promise.allSettled([
      store.complete(completion),
      store.auditHead(),
      store.reserve(reservationOf(key)),
    ]);
    server.signal('SIGCONT');
    for (const { status, ...result } of results) {
      t.equal(status, 'rejected');
      t.match(result, { reason: UNAVAILABLE });
    }
    t.equal(
      await succeeding(() => store.complete(completion)),
      'stored',
      'whatever became of the first call',
    );
    t.equal((await succeeding(() => store.auditHead())).sequence, 2);
    t.ok(await isChainValid(store), 'the audit chain is valid');
  });

  t.test('a dump while certificates are issued is complete and can be restored', async (t) => {
    const url = server.createDatabase('dumped');
    const store = await openAt(t, url);
    const key = await createAuthority(store);
    const before = await Promise.all(Array.from({ length: 20 }, () => issue(store, key)));
    const dump = join(t.testdir(), 'authority.dump');
    const dumping = runProgram(t, postgresProgram('pg_dump') ?? '', [
      '--format=custom',
      `--file=${dump}`,
      url,
    ]);
    const [{ code }] = await Promise.all([dumping, ...Array.from({ length: 50 }, () => issue(store, key))]);
    t.equal(code, 0);
    const copy = server.createDatabase('restored');
    const restoring = await runProgram(t, postgresProgram('pg_restore') ?? '', [`--dbname=${copy}`, dump]);
    t.equal(restoring.code, 0, restoring.stderr);
    const restored = await openAt(t, copy);
    for (const { id } of before) t.same(await restored.getCertificate(id), await store.getCertificate(id));
    t.ok(await isChainValid(restored), 'the restored audit chain is valid');
    await issue(restored, key);
  });

  t.test('no free connection', async (t) => {
    const url = server.createDatabase('crowded');
    server.sql(`CREATE ROLE guest LOGIN`);
    server.sql(`GRANT ALL ON SCHEMA public TO guest`, 'crowded');
    const clients: Client[] = [];
    for (let count = 0; count < 40; count += 1) {
      const client = new Client({ connectionString: url });
      client.on('error', () => undefined);
      try {
        await client.connect();
        clients.push(client);
      } catch {
        break;
      }
    }
    const store = await createStore({ DATABASE_URL: url.replace('owner@', 'guest@') });
    if (store === undefined) throw new Error('There is no store');
    t.teardown(() => store.close());
    await t.rejects(store.auditHead(), { ...UNAVAILABLE, message: 'The database has no free connection' });
    t.equal(await store.fault(), 'connection');
    for (const client of clients) await client.end();
    await succeeding(() => store.appendAudit(event()));
    t.equal(await succeeding(() => store.fault()), undefined);
  });

  t.test('a database that has become read-only, as after a failover', async (t) => {
    const url = server.createDatabase('standby');
    const store = await openAt(t, url);
    const key = await createAuthority(store);
    const { id } = await issue(store, key);
    const endSessions = (): string =>
      server.sql(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'standby' AND pid <> pg_backend_pid()`,
      );
    server.sql(`ALTER DATABASE standby SET default_transaction_read_only = on`);
    endSessions();
    await t.rejects(store.reserve(reservationOf(key)), UNAVAILABLE);
    t.ok(await succeeding(() => store.getCertificate(id)), 'reading works');
    t.equal(await store.fault(), 'writing');
    server.sql(`ALTER DATABASE standby RESET default_transaction_read_only`);
    endSessions();
    await succeeding(() => issue(store, key));
    // A connection for reading may still have to learn that its session ended
    const { certificates } = await succeeding(() => store.counts(NOW, []));
    t.equal(certificates, 2);
  });
});
