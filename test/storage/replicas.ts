/** Several stores on one database, as several processes have them. */

import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { ROOT } from '../../src/base/root.ts';
import { verifyAuditChain } from '../../src/storage/audit-chain.ts';
import type { Preparation } from '../../src/storage/sql/preparation.ts';
import type { Store } from '../../src/storage/ports.ts';
import {
  auditOf,
  createAuthority,
  daysFrom,
  event,
  idempotencyKey,
  issue,
  NOW,
  reservationOf,
} from './samples.ts';

export interface Opened {
  readonly store: Store;
  readonly preparation: Preparation;
}

/** `open` opens a database that is empty at first, and the same one each time. */
export async function testReplicas(t: Test, open: () => Opened): Promise<void> {
  const replicas = [open(), open(), open()];
  for (const { store } of replicas) t.teardown(() => store.close());
  await Promise.all(replicas.map(({ preparation }) => preparation.attempt()));
  const stores = replicas.map(({ store }) => store);
  const [first] = stores;
  if (first === undefined) throw new Error('There is no store');
  const key = await createAuthority(first);
  const issued = await Promise.all(
    stores.flatMap((store) => Array.from({ length: 40 }, () => issue(store, key))),
  );
  for (const store of stores) {
    t.match(await store.counts(NOW, []), { certificates: issued.length, openReservations: 0 });
  }
  const verdict = await verifyAuditChain(auditOf(first), { head: await first.auditHead() });
  t.match(verdict, { valid: true, head: { sequence: issued.length + 1 } }, 'one chain');
  await testRaces(t, stores, key);
}

async function testRaces(
  t: Test,
  stores: readonly Store[],
  key: Awaited<ReturnType<typeof createAuthority>>,
): Promise<void> {
  const { serial } = reservationOf(key);
  const draws = await Promise.all(stores.map((store) => store.reserve(reservationOf(key, { serial }))));
  t.same(draws.map(({ outcome }) => outcome).toSorted(), ['reserved', 'serial-taken', 'serial-taken']);
  const idempotency = idempotencyKey();
  const claims = await Promise.all(stores.map((store) => store.reserve(reservationOf(key, { idempotency }))));
  t.same(claims.map(({ outcome }) => outcome).toSorted(), ['in-progress', 'in-progress', 'reserved']);
  const profile = { name: 'server', version: 1, document: {}, createdAt: NOW, createdBy: 'key:one' };
  const writes = await Promise.all(
    stores.map((store) => store.addProfileVersion({ profile, audit: event() })),
  );
  t.same(writes.toSorted(), ['added', 'conflict', 'conflict']);
  await testRevocations(t, stores, key);
  const open = await stores[0]?.listOpenReservations({ before: daysFrom(NOW, 1), limit: 10 });
  t.equal(open?.length, 2);
}

/** Each certificate is revoked by every store: one of them does it. The revision counts them without a gap. */
async function testRevocations(
  t: Test,
  stores: readonly Store[],
  key: Awaited<ReturnType<typeof createAuthority>>,
): Promise<void> {
  const [store] = stores;
  if (store === undefined) throw new Error('There is no store');
  const issued = await Promise.all(Array.from({ length: 20 }, () => issue(store, key)));
  const orders = issued.map(({ id }) => ({
    id,
    reason: 1 as const,
    revokedAt: NOW,
    principal: 'key:one',
    audit: event('certificate/revoke'),
  }));
  const results = await Promise.all(stores.flatMap((each) => orders.map((order) => each.revoke(order))));
  t.equal(results.filter(({ outcome }) => outcome === 'revoked').length, issued.length);
  const { authorityKeyId } = key;
  const revision = await store.revocationRevision(authorityKeyId);
  t.ok(revision >= issued.length);
  const listed = await store.listRevocations({ authorityKeyId, limit: 100 });
  t.equal(new Set(listed.map((revocation) => revocation.revision)).size, issued.length);
}

/** `openWith` opens the same database with the migrations of a folder. */
export async function testMigrations(
  t: Test,
  adapter: 'sqlite' | 'postgres',
  openWith: (migrations: string) => Opened,
): Promise<void> {
  const folder = join(t.testdir(), 'migrations [1]');
  cpSync(join(ROOT, `src/storage/${adapter}/migrations`), folder, { recursive: true });
  const attempt = async (): Promise<void> => {
    const { store, preparation } = openWith(folder);
    try {
      await preparation.attempt();
    } finally {
      await store.close();
    }
  };
  await attempt();
  await attempt();
  const next = Math.max(...readdirSync(folder).map((name) => Number.parseInt(name, 10))) + 1;
  const invalid = join(folder, `${String(next).padStart(3, '0')}.do.next.sql`);
  writeFileSync(invalid, 'CREATE TABLE half (id TEXT); CREATE TABLE half (id TEXT);');
  await t.rejects(attempt(), 'a migration that fails');
  writeFileSync(invalid, 'CREATE TABLE half (id TEXT);');
  await attempt();
  const initial = join(folder, '001.do.initial.sql');
  const text = readFileSync(initial, 'utf8');
  writeFileSync(initial, text.replaceAll('\n', '\r\n'));
  await attempt();
  writeFileSync(initial, `${text}-- edited\n`);
  await t.rejects(attempt(), {
    name: 'MigrationError',
    message: /^The migration 1 in .* was edited after it ran$/,
  });
}
