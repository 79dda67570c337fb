/** `node bench/store.ts`: measures the store, from 1,000 certificates to as many as requested. */

import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../scripts/command-line.ts';
import { createStore } from '../src/storage/open.ts';
import type { CertificateFilter, Store } from '../src/storage/ports.ts';
import { createAuthority, hostOf, issue, type SigningKey } from './store-content.ts';

const USAGE = `node bench/store.ts [OPTIONS]
  Measures issuing, search, export and start of the store. The database must be empty, and is left full.
  --url           database of PostgreSQL; default: a new file of SQLite
  --directory     directory of the file; default: store-bench in the directory of temporary files
  --certificates  how many are stored at the end; default: 100000
  --issuers       certificates that are issued at the same time; default: 16
  --seconds       duration of a measurement of issuing; default: 5

Example:
  node bench/store.ts --certificates 1000000
`;

const { values: options } = readOptions(USAGE, {
  url: { type: 'string' },
  directory: { type: 'string', default: join(tmpdir(), 'store-bench') },
  certificates: { type: 'string', default: '100000' },
  issuers: { type: 'string', default: '16' },
  seconds: { type: 'string', default: '5' },
});

const DAY = 86_400_000;

/** Issuers while the store is filled. */
const FILLERS = 200;

/** Queries of a measurement, and rows of a page. */
const QUERIES = 600;
const PAGE = 50;

let stored = 0;

async function main(): Promise<void> {
  if (options.url === undefined) await rm(options.directory, { recursive: true, force: true });
  let store = await open();
  const key = await createAuthority(store, 'Bench');
  const last = Number(options.certificates);
  for (let size = 1000; size <= last; size *= 10) {
    const filling = await fill(store, key, size);
    console.log(`\n${size} certificates${filling}`);
    await measureIssuing(store, key);
    await measureQueries(store);
    await store.close();
    const start = performance.now();
    store = await open();
    await store.auditHead();
    console.log(`  start: ${(performance.now() - start).toFixed(0)} ms`);
  }
  await measureExport(store);
  console.log(`  size: ${((await store.counts(new Date(), [])).size / 1e6).toFixed(0)} MB`);
  await store.close();
}

async function open(): Promise<Store> {
  const { url, directory } = options;
  const store = await createStore(url === undefined ? { DATA_DIR: directory } : { DATABASE_URL: url });
  if (store === undefined) throw new Error('There is no store');
  return store;
}

/** Returns how fast it was. */
async function fill(store: Store, key: SigningKey, size: number): Promise<string> {
  const start = performance.now();
  const before = stored;
  await inParallel(FILLERS, async () => {
    while (stored < size) await issueNext(store, key);
  });
  const rate = ((stored - before) / (performance.now() - start)) * 1000;
  return `, filled with ${rate.toFixed(0)}/s by ${FILLERS} issuers`;
}

function issueNext(store: Store, key: SigningKey): Promise<void> {
  stored += 1;
  return issue(store, key, stored);
}

const inParallel = (count: number, task: () => Promise<void>): Promise<unknown> =>
  Promise.all(Array.from({ length: count }, task));

async function measureIssuing(store: Store, key: SigningKey): Promise<void> {
  const times: number[] = [];
  const start = performance.now();
  const end = start + Number(options.seconds) * 1000;
  await inParallel(Number(options.issuers), async () => {
    while (performance.now() < end) {
      const begin = performance.now();
      await issueNext(store, key);
      times.push(performance.now() - begin);
    }
  });
  const rate = (times.length / (performance.now() - start)) * 1000;
  console.log(`  reserve + complete, ${options.issuers} issuers: ${rate.toFixed(0)}/s, ${quantiles(times)}`);
}

async function measureQueries(store: Store): Promise<void> {
  for (const [name, filterOf] of Object.entries(FILTERS)) {
    for (const order of ['newest-first', 'oldest-first'] as const) {
      const times: number[] = [];
      let rows = 0;
      for (let query = 0; query < QUERIES / 2; query += 1) {
        const begin = performance.now();
        const page = await store.searchCertificates({
          filter: filterOf(),
          now: new Date(),
          order,
          limit: PAGE,
        });
        times.push(performance.now() - begin);
        rows += page.length;
      }
      console.log(`  ${name}, ${order}: ${quantiles(times)}, ${(rows / times.length).toFixed(0)} rows`);
    }
  }
}

const anyNumber = (): number => randomInt(1, stored + 1);

const inDays = (days: number): Date => new Date(Date.now() + days * DAY);

const FILTERS: Readonly<Record<string, () => CertificateFilter>> = {
  all: () => ({}),
  name: () => ({ name: hostOf(anyNumber()) }),
  '*.example.com': () => ({ name: '*.example.com' }),
  '*.dept-N.example.com': () => ({ name: `*.dept-${randomInt(100)}.example.com` }),
  'subject, common word': () => ({ subject: 'example' }),
  'subject, two words': () => ({ subject: `corporation ${hostOf(anyNumber())}` }),
  principal: () => ({ principal: `key:${randomInt(50)}` }),
  'principal and profile': () => ({ principal: `key:${randomInt(50)}`, profile: 'device' }),
  'principal and name': () => ({ principal: `key:${randomInt(50)}`, name: '*.example.com' }),
  'expired (none)': () => ({ status: 'expired' }),
  valid: () => ({ status: 'valid' }),
  'expiring in a day': () => ({ expiring: { from: inDays(0), to: inDays(1.1) } }),
  'expiring in 30 days': () => ({ expiring: { from: inDays(0), to: inDays(30) } }),
};

async function measureExport(store: Store): Promise<void> {
  const start = performance.now();
  let rows = 0;
  let memory = 0;
  for await (const page of store.exportCertificates({ filter: {}, now: new Date(), order: 'oldest-first' })) {
    rows += page.length;
    memory = Math.max(memory, process.memoryUsage().rss);
  }
  const rate = (rows / (performance.now() - start)) * 1000;
  console.log(
    `\n  export: ${rows} rows, ${rate.toFixed(0)}/s, ${(memory / 1e6).toFixed(0)} MB of memory at most`,
  );
}

function quantiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

await main();
