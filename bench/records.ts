/** `node bench/records.ts`: measures the lists of certificates and of audit records over a full store. */

import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOptions } from '../scripts/command-line.ts';
import { END_ENTITY } from '../src/ca/profile.ts';
import { createDomain } from '../src/domain.ts';
import { certificateRecords, type CertificateSearch } from '../src/records/certificate-records.ts';
import { createStore, type StoreConfig } from '../src/storage/open.ts';
import { databaseIn } from '../src/storage/sqlite/files.ts';
import type { AuditQuery, Store } from '../src/storage/ports.ts';
import { parseGeneralNames } from '../src/x509/names/general-name.ts';
import { parseDistinguishedName } from '../src/x509/names/name-text.ts';
import { fillAudit, fillStore, type Template } from './fill-store.ts';
import { auditSearchesOf, searchesOf, type Filter } from './record-searches.ts';

const USAGE = `node bench/records.ts [OPTIONS]
  Fills a store of SQLite with certificates and as many audit records, and measures searches, pages and the start.
  --certificates  how many are stored; default: 100000
  --length        length of each certificate in octets, which are then random; default: an ML-DSA-65 certificate
  --queries       queries of each measurement; default: 300
  --repeats       how often each query runs; the fastest run counts, so a busy machine matters less; default: 1
  --processor     processor time of this process and of a PostgreSQL of this machine, instead of the elapsed time:
                  on a busy machine it says what a query takes on a quiet one, if all pages are in memory
  --only          only searches whose name contains this text
  --directory     directory of the database, which is kept; default: a new one, which is removed
  --filled        the directory has been filled by an earlier run with the same options
  --url           database of PostgreSQL that fill-postgres.sql has filled, instead of the directory

Example:
  node bench/records.ts --certificates 1000000
`;

const { values: options } = readOptions(USAGE, {
  certificates: { type: 'string', default: '100000' },
  length: { type: 'string' },
  queries: { type: 'string', default: '300' },
  repeats: { type: 'string', default: '1' },
  processor: { type: 'boolean' },
  only: { type: 'string', default: '' },
  directory: { type: 'string' },
  filled: { type: 'boolean' },
  url: { type: 'string' },
});

const COUNT = Number(options.certificates);
const QUERIES = Number(options.queries);
const REPEATS = Number(options.repeats);
const now = new Date();

async function main(): Promise<void> {
  if (options.url !== undefined) return measureAll({ DATABASE_URL: options.url });
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'records-bench-')));
  try {
    console.log(`start: ${(await timeOfStart({ DATA_DIR: directory })).toFixed(0)} ms empty`);
    if (options.filled !== true) await fill(databaseIn(directory));
    await measureAll({ DATA_DIR: directory });
  } finally {
    if (options.directory === undefined) await rm(directory, { recursive: true });
  }
}

async function fill(path: string): Promise<void> {
  const start = performance.now();
  const filling = { path, count: COUNT, length: Number(options.length), now };
  fillStore(options.length === undefined ? { ...filling, template: await makeTemplate() } : filling);
  fillAudit({ path, count: COUNT, length: 0, now });
  console.log(`${COUNT} certificates and audit records, filled in ${seconds(start)} s`);
}

async function measureAll(place: StoreConfig): Promise<void> {
  console.log(`start: ${(await timeOfStart(place)).toFixed(0)} ms full`);
  const store = await open(place);
  await store.auditHead();
  if (options.url !== undefined) servers = serversOf(options.url);
  for (const [name, searchOf] of chosen(searchesOf(COUNT, now))) await measureSearch(store, name, searchOf);
  for (const [name, filterOf] of chosen(auditSearchesOf(COUNT, now)))
    await measureAudit(store, name, filterOf);
  if ('counts for the metrics'.includes(options.only)) await measureCounts(store);
  await store.close();
}

const chosen = <Value>(all: Readonly<Record<string, Value>>): [string, Value][] =>
  Object.entries(all).filter(([name]) => name.includes(options.only));

async function makeTemplate(): Promise<Template> {
  const domain = await createDomain({ engine: 'auto' });
  try {
    const { certificate, serialNumber, key } = await domain.issuer().selfSigned({
      algorithm: 'ml-dsa-65',
      profile: END_ENTITY,
      names: () => ({
        subject: parseDistinguishedName('/C=US/O=Example Corporation/CN=www.example.com'),
        subjectAltNames: parseGeneralNames(['DNS:www.example.com', 'DNS:www']),
      }),
    });
    key.destroy();
    return { der: certificate, serial: Buffer.from(serialNumber, 'hex') };
  } finally {
    await domain.close();
  }
}

const seconds = (start: number): string => ((performance.now() - start) / 1000).toFixed(1);

/** From the call to the first result, in milliseconds. */
async function timeOfStart(place: StoreConfig): Promise<number> {
  const start = performance.now();
  const store = await open(place);
  await store.auditHead();
  const time = performance.now() - start;
  await store.close();
  return time;
}

async function open(place: StoreConfig): Promise<Store> {
  const store = await createStore(place);
  if (store === undefined) throw new Error('There is no store');
  return store;
}

/** Measures the first page, and the page after it. */
async function measureSearch(store: Store, name: string, filterOf: () => Filter): Promise<void> {
  const records = certificateRecords(store, () => now, { principal: 'bench', readsAll: true });
  const [first, second]: [number[], number[]] = [[], []];
  let rows = 0;
  for (let query = 0; query < QUERIES; query += 1) {
    const { order = 'newest-first', ...filter } = filterOf();
    const search: CertificateSearch = { filter, order };
    const page = await timed(first, () => records.search({ ...search, limit: 50 }));
    rows += page.certificates.length;
    const after = page.certificates.at(-1);
    if (page.hasNext) await timed(second, () => records.search({ ...search, limit: 50, after }));
  }
  print(name, first, second, rows);
}

async function measureAudit(store: Store, name: string, filterOf: () => AuditQuery['filter']): Promise<void> {
  const [first, second]: [number[], number[]] = [[], []];
  let rows = 0;
  for (let query = 0; query < QUERIES; query += 1) {
    const filter = filterOf();
    const page = await timed(first, () => store.searchAudit({ filter, limit: 50 }));
    rows += page.length;
    const after = page.at(-1);
    if (after !== undefined && page.length === 50)
      await timed(second, () => store.searchAudit({ filter, after, limit: 50 }));
  }
  print(`audit: ${name}`, first, second, rows);
}

async function measureCounts(store: Store): Promise<void> {
  const times: number[] = [];
  for (let query = 0; query < 20; query += 1) await timed(times, () => store.counts(now, [7, 30]));
  console.log(`counts for the metrics: ${quantiles(times)}`);
}

/** The files with the processor time of the connections. The name of such a process contains that of its database. */
function serversOf(url: string): string[] {
  const database = new URL(url).pathname.slice(1);
  return globSync('/proc/[0-9]*/cmdline')
    .filter((path) => {
      const name = textOf(path);
      return name.startsWith('postgres: ') && name.includes(` ${database} `);
    })
    .map((path) => path.replace('cmdline', 'schedstat'));
}

/** Empty if the process has ended. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Processes of PostgreSQL that serve this one. */
let servers: readonly string[] = [];

/** In milliseconds. */
function clock(): number {
  if (options.processor !== true) return performance.now();
  const { user, system } = process.cpuUsage();
  const ofServers = servers.map((path) => Number(readFileSync(path, 'utf8').split(' ')[0]) / 1e6);
  return ofServers.reduce((sum, time) => sum + time, (user + system) / 1000);
}

/** Returns the result. Adds the shortest of the times that the task took. */
async function timed<T>(times: number[], task: () => Promise<T>): Promise<T> {
  let shortest = Infinity;
  for (let run = 1; ; run += 1) {
    const start = clock();
    const result = await task();
    shortest = Math.min(shortest, clock() - start);
    if (run < REPEATS) continue;
    times.push(shortest);
    return result;
  }
}

function print(name: string, first: number[], second: number[], rows: number): void {
  const next = second.length === 0 ? '' : `; next page ${quantiles(second)}`;
  console.log(`${name}: ${quantiles(first)}, ${(rows / first.length).toFixed(0)} rows${next}`);
}

function quantiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor(sorted.length * part)] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}

await main();
