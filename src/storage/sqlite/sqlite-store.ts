/** The store in a file of SQLite. One thread writes, others read, so a search does not wait for a commit. */

import { extname, join } from 'node:path';
import { ROOT } from '../../base/root.ts';
import { createWorkerPool, type WorkerPool } from '../../base/worker-pool.ts';
import type { CertificateQuery, Store } from '../ports.ts';
import type { Settled } from '../sql/commit.ts';
import { GroupCommit } from '../sql/group-commit.ts';
import { CALL_TIMEOUT } from '../sql/in-time.ts';
import { migrate } from '../sql/migrate.ts';
import { Preparation } from '../sql/preparation.ts';
import { Reads } from '../sql/reads.ts';
import { createSqlStore, type Driver } from '../sql/sql-store.ts';
import type { TermPlaces } from '../sql/term-index.ts';
import type { Call, ReadName, WriteName } from '../sql/transactions.ts';
import { createFile, sizeOf } from './files.ts';
import type { Reply, SqliteTasks } from './sqlite-tasks.ts';
import { TermBacklog } from './term-backlog.ts';

/** Relative to this file as written, and to the chunk in dist/ that contains it as built. */
const ENTRY = new URL(`./sqlite-worker${extname(import.meta.filename)}`, import.meta.url);

const MIGRATIONS = join(ROOT, 'src/storage/sqlite/migrations');

/** Threads that read. */
const READERS = 2;

/** The most writes, and the most reads, that wait. */
const QUEUE = 1000;

/** The most writes in one commit. */
const GROUP = 128;

export interface SqliteOptions {
  /** The database file. It is created if it is missing, with its folder. */
  readonly path: string;
  /** Folder of the migrations, for tests. */
  readonly migrations?: string;
  /** The most milliseconds from a call to its result, for tests; 2000 by default. */
  readonly timeout?: number;
}

/** Returns the store at once. {@link Preparation.done} of `preparation` creates and migrates the database. */
export function sqliteStore(options: SqliteOptions): {
  readonly store: Store;
  readonly preparation: Preparation;
} {
  const driver = new SqliteDriver(options);
  return { store: createSqlStore(driver), preparation: driver.preparation };
}

type Threads = WorkerPool<SqliteTasks>;

class SqliteDriver implements Driver {
  readonly kind = 'sqlite';
  readonly preparation: Preparation;
  readonly #path: string;
  readonly #migrations: string;
  readonly #writer = startThreads(1);
  readonly #readers = startThreads(READERS);
  readonly #commits: GroupCommit;
  readonly #reads: Reads;
  readonly #backlog = new TermBacklog({
    index: async () => (await this.#commits.run({ name: 'indexTerms', input: undefined })) as number,
    places: async () => (await this.#readNow({ name: 'termPlaces', input: undefined })) as TermPlaces,
  });

  constructor({ path, migrations = MIGRATIONS, timeout = CALL_TIMEOUT }: SqliteOptions) {
    this.#path = path;
    this.#migrations = migrations;
    this.preparation = new Preparation(() => this.#prepare(), timeout);
    const commit = (calls: readonly Call<WriteName>[]) => this.#commit(calls);
    this.#commits = new GroupCommit({ commit, queue: QUEUE, size: GROUP, timeout });
    this.#reads = new Reads({ queue: QUEUE, timeout });
  }

  async write(call: Call<WriteName>): Promise<unknown> {
    if (call.name !== 'complete') return this.#commits.run(call);
    const outcome = await this.#commits.run({ ...call, name: 'completeUnindexed' });
    this.#backlog.add();
    return outcome;
  }

  read(call: Call<ReadName>): Promise<unknown> {
    return this.#reads.run(async () => {
      if (needsTerms(call)) await this.#backlog.catchUp();
      return this.#readNow(call);
    });
  }

  async size(): Promise<number> {
    const sizes = await Promise.all([this.#path, `${this.#path}-wal`].map(sizeOf));
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  /** The writer closes last: the last connection moves the write-ahead log into the database. */
  async close(): Promise<void> {
    await this.#commits.close();
    await this.#readers.close();
    await this.#writer.run('close', {}).catch(() => undefined);
    await this.#writer.close();
  }

  /** In one transaction, which holds the lock of the writer: other processes wait. */
  async #prepare(): Promise<void> {
    const path = this.#path;
    await createFile(path);
    const execute = async (sql: string) => (await this.#writer.run('migrate', { path, sql })).rows;
    await execute('BEGIN IMMEDIATE');
    try {
      await migrate({ driver: 'sqlite3', folder: this.#migrations, execute });
      await execute('COMMIT');
    } catch (error) {
      await execute('ROLLBACK').catch(() => undefined);
      throw error;
    }
    // Starts a thread that reads, so that the first call does not wait for it.
    await this.#readers.run('read', { path, call: { name: 'auditHead', input: undefined } });
  }

  async #readNow(call: Call<ReadName>): Promise<unknown> {
    await this.preparation.done();
    return (await this.#readers.run('read', { path: this.#path, call })).output;
  }

  async #commit(calls: readonly Call<WriteName>[]): Promise<readonly Settled[]> {
    await this.preparation.done();
    const { replies } = await this.#writer.run('commit', { path: this.#path, calls });
    return replies.map(settledOf);
  }
}

const SEARCHES: ReadonlySet<ReadName> = new Set(['searchCertificates', 'readWholeCertificates']);

function needsTerms({ name, input }: Call<ReadName>): boolean {
  if (!SEARCHES.has(name)) return false;
  const { filter } = input as CertificateQuery;
  return (filter.name ?? filter.subject) !== undefined;
}

const startThreads = (size: number): Threads =>
  createWorkerPool({ entry: ENTRY, subject: 'The database', code: 'store-unavailable', size });

const settledOf = (reply: Reply): Settled =>
  'output' in reply ? reply : { error: new Error(`A transaction failed: ${reply.fault}`) };
