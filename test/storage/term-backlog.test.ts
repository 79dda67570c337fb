/** The terms of certificates are written later than the certificates. A search finds all of them all the same. */

import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import type { Store } from '../../src/storage/ports.ts';
import { withoutAudit } from '../../src/storage/sql/commit.ts';
import { runScript } from '../../src/storage/sql/run-script.ts';
import { indexTerms } from '../../src/storage/sql/term-index.ts';
import { openExisting } from '../../src/storage/sqlite/connection.ts';
import { databaseIn } from '../../src/storage/sqlite/files.ts';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';
import { TermBacklog } from '../../src/storage/sqlite/term-backlog.ts';
import { mountMissing, mountSmallDisk } from '../support/small-disk.ts';
import { until } from '../support/until.ts';
import { PATIENCE } from './conformance.ts';
import { createAuthority, issue, NOW, octets } from './samples.ts';

async function openIn(t: Test, folder: string): Promise<Store> {
  const { store, preparation } = sqliteStore({ path: databaseIn(folder), timeout: PATIENCE });
  t.teardown(() => store.close());
  await preparation.attempt();
  return store;
}

const found = async (store: Store, filter: { readonly name?: string; readonly subject?: string }) =>
  (await store.searchCertificates({ filter, now: NOW, order: 'oldest-first', limit: 1000 })).map(
    ({ id }) => id,
  );

/** Certificates without terms. */
function behind(folder: string): number {
  const database = new DatabaseSync(databaseIn(folder), { readOnly: true });
  try {
    const row = database
      .prepare('SELECT count(*) AS number FROM certificates WHERE rowid > (SELECT place FROM term_mark)')
      .get();
    return Number(row?.number);
  } finally {
    database.close();
  }
}

/** As after the end of a process that has written no terms. */
function forgetTerms(folder: string): void {
  change(folder, 'DELETE FROM certificate_terms');
  change(folder, 'UPDATE term_mark SET place = 0');
}

function change(folder: string, sql: string): void {
  const database = new DatabaseSync(databaseIn(folder), { timeout: PATIENCE });
  database.prepare(sql).run();
  database.close();
}

const named = (value: string) => ({
  names: [{ type: 'dns', value }],
  subject: `CN=${value}`,
  der: octets(50),
});

t.test('another process finds a certificate without terms', async (t) => {
  const folder = t.testdir();
  const [one, other] = [await openIn(t, folder), await openIn(t, folder)];
  const key = await createAuthority(one);
  const { id } = await issue(one, key, named('a.example.com'));
  forgetTerms(folder);
  t.same(await found(other, { name: '*.example.com' }), [id]);
  t.equal(behind(folder), 0, 'the search has written them');
  const second = await issue(one, key, named('b.example.com'));
  t.same(await found(other, { subject: 'b.example.com' }), [second.id]);
  const third = await issue(one, key, named('c.example.com'));
  const query = { filter: { name: 'c.example.com' }, now: NOW, order: 'oldest-first' } as const;
  for await (const page of other.exportCertificates(query)) t.same(page, [third]);
});

t.test('a new process finds the certificates of one that ended before it wrote their terms', async (t) => {
  const folder = t.testdir();
  const one = await openIn(t, folder);
  const { id } = await issue(one, await createAuthority(one), named('a.example.com'));
  await one.close();
  forgetTerms(folder);
  const next = await openIn(t, folder);
  t.same(await found(next, { name: 'a.example.com' }), [id]);
});

t.test(
  'the terms of many certificates are written without a search, and the last ones in time',
  async (t) => {
    const folder = t.testdir();
    const store = await openIn(t, folder);
    const key = await createAuthority(store);
    const issued = await Promise.all(
      Array.from({ length: 300 }, (_, number) => issue(store, key, named(`host-${number}.example.com`))),
    );
    await until(() => behind(folder) === 0);
    const ids = issued.map(({ id }) => id).toSorted();
    t.same((await found(store, { name: '*.example.com' })).toSorted(), ids);
  },
);

t.test('a search finds more certificates without terms than one transaction writes', async (t) => {
  const folder = t.testdir();
  const store = await openIn(t, folder);
  const key = await createAuthority(store);
  const count = 600;
  await Promise.all(Array.from({ length: count }, () => issue(store, key, named('a.example.com'))));
  forgetTerms(folder);
  t.equal((await found(store, { name: 'a.example.com' })).length, count);
});

t.test(
  'a full disk: other searches work, one by name is complete or refused',
  { skip: mountMissing },
  async (t) => {
    const disk = mountSmallDisk(t);
    const store = await openIn(t, disk.folder);
    const key = await createAuthority(store);
    const { id } = await issue(store, key, named('a.example.com'));
    disk.fill();
    await t.rejects(
      (async () => {
        for (;;) await issue(store, key, { ...named('b.example.com'), der: octets(4000) });
      })(),
      { code: 'store-unavailable' },
    );
    // Some terms may still have room.
    const search = await found(store, { name: 'a.example.com' }).catch(({ code }: { code: unknown }) => code);
    t.ok(
      search === 'store-unavailable' || JSON.stringify(search) === JSON.stringify([id]),
      `the search returns ${String(search)}`,
    );
    t.ok((await found(store, {})).includes(id));
    disk.clear();
    t.same(await found(store, { name: 'a.example.com' }), [id]);
  },
);

t.test('terms that could not be written are written before the next search', async (t) => {
  let mark = 0;
  let works = false;
  const backlog = new TermBacklog({
    async index() {
      if (!works) throw new Error('The disk is full');
      mark += 1;
      return mark;
    },
    places: async () => ({ newest: 128, mark }),
  });
  for (let count = 0; count < 128; count += 1) backlog.add();
  await t.rejects(backlog.catchUp(), { message: 'The disk is full' });
  works = true;
  await backlog.catchUp();
  t.equal(mark, 128);
});

t.test('a search does not wait for certificates that are stored after it began', async (t) => {
  let newest = 10;
  let mark = 0;
  const backlog = new TermBacklog({
    async index() {
      mark = Math.min(mark + 4, newest);
      newest += 8;
      return mark;
    },
    places: async () => ({ newest, mark }),
  });
  await backlog.catchUp();
  t.equal(mark, 12);
});

t.test('a search ends while certificates are stored all the time', async (t) => {
  const folder = t.testdir();
  const store = await openIn(t, folder);
  const key = await createAuthority(store);
  const { id } = await issue(store, key, named('a.example.com'));
  const over = new AbortController();
  const issuing = Array.from({ length: 20 }, async () => {
    while (!over.signal.aborted) await issue(store, key, named('b.example.com'));
  });
  await until(() => behind(folder) > 0);
  t.same(await found(store, { name: 'a.example.com' }), [id]);
  over.abort();
  await Promise.all(issuing);
});

t.test('terms that a process of an older version has written are no obstacle', async (t) => {
  const folder = t.testdir();
  const store = await openIn(t, folder);
  const { id } = await issue(store, await createAuthority(store), named('a.example.com'));
  t.same(await found(store, { name: 'a.example.com' }), [id]);
  change(folder, 'UPDATE term_mark SET place = 0');
  t.same(await found(store, { name: 'a.example.com' }), [id]);
});

t.test('certificates with many names take several transactions, which are short', async (t) => {
  const folder = t.testdir();
  const store = await openIn(t, folder);
  const key = await createAuthority(store);
  const names = Array.from({ length: 3000 }, (_, number) => ({ type: 'ip', value: `192.0.2.${number}` }));
  for (let count = 0; count < 4; count += 1) await issue(store, key, { ...named('a.example.com'), names });
  await store.close();
  forgetTerms(folder);
  const connection = openExisting(databaseIn(folder), false);
  const marks = [1, 2, 3].map(() =>
    runScript(withoutAudit(indexTerms(), []), (statement) => connection.execute(statement)),
  );
  connection.close();
  t.same(marks, [2, 4, 4]);
});
