/**
 * The store in PostgreSQL, which several replicas share. Its SQL is also that of compatible distributed databases: no
 * sequences, and no advisory lock except during a migration.
 */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { ROOT } from '../../base/root.ts';
import type { Store } from '../ports.ts';
import { withoutAudit, type Settled } from '../sql/commit.ts';
import { GroupCommit } from '../sql/group-commit.ts';
import { CALL_TIMEOUT } from '../sql/in-time.ts';
import { Preparation } from '../sql/preparation.ts';
import { Reads } from '../sql/reads.ts';
import { runScriptAsync } from '../sql/run-script.ts';
import { createSqlStore, type Driver } from '../sql/sql-store.ts';
import { startRead, type Call, type ReadName, type WriteName } from '../sql/transactions.ts';
import { commitInTurn, commitTogether, type Execute } from './commits.ts';
import { faultOf, isConflict, isOwnFault, keepsConnection, sqlState } from './faults.ts';
import { migrateDatabase } from './migration.ts';
import { AS_WRITTEN, createPool, query } from './pools.ts';
import { StatementNames } from './statement-names.ts';

const MIGRATIONS = join(ROOT, 'src/storage/postgres/migrations');

/** Connections for reading. */
const READERS = 4;

/**
 * Writes without an audit record have a connection of their own: they do not wait for the audit chain, which has one writer
 * at a time. So a process that holds webhooks never waits for one that holds the chain and waits for webhooks.
 */
const WRITERS = 2;

const UNAUDITED: ReadonlySet<WriteName> = new Set([
  'reserve',
  'claimLease',
  'claimWebhooks',
  'queueWebhooks',
  'settleWebhook',
]);

/** The most writes of each of these, and the most reads, that wait. */
const QUEUE = 1000;

/** The most writes in one commit. */
const GROUP = 64;

/** How often a commit is run again after a conflict with another replica. */
const ATTEMPTS = 8;

const UNDEFINED_FUNCTION = '42883';

export interface PostgresOptions {
  readonly url: string;
  /** Folder of the migrations, for tests. */
  readonly migrations?: string;
  /** The most milliseconds from a call to its result, for tests; 2000 by default. */
  readonly timeout?: number;
}

/** Returns the store at once. {@link Preparation.done} of `preparation` migrates the database. */
export function postgresStore(options: PostgresOptions): {
  readonly store: Store;
  readonly preparation: Preparation;
} {
  const driver = new PostgresDriver(options);
  return { store: createSqlStore(driver), preparation: driver.preparation };
}

class PostgresDriver implements Driver {
  readonly kind = 'postgresql';
  readonly preparation: Preparation;
  readonly #writers: Pool;
  readonly #readers: Pool;
  readonly #names = new StatementNames();
  readonly #unaudited: GroupCommit;
  readonly #others: GroupCommit;
  readonly #reads: Reads;

  constructor({ url, migrations = MIGRATIONS, timeout = CALL_TIMEOUT }: PostgresOptions) {
    this.#writers = createPool(url, timeout, { max: WRITERS, pipeline: true });
    this.#readers = createPool(url, timeout, { max: READERS, settings: AS_WRITTEN });
    this.preparation = new Preparation(() => migrateDatabase(url, migrations, timeout), timeout);
    const commit = (calls: readonly Call<WriteName>[]) => this.#commit(calls);
    this.#unaudited = new GroupCommit({ commit, queue: QUEUE, size: GROUP, timeout });
    this.#others = new GroupCommit({ commit, queue: QUEUE, size: GROUP, timeout });
    this.#reads = new Reads({ queue: QUEUE, timeout });
  }

  write(call: Call<WriteName>): Promise<unknown> {
    return (UNAUDITED.has(call.name) ? this.#unaudited : this.#others).run(call);
  }

  read(call: Call<ReadName>): Promise<unknown> {
    return this.#reads.run(() => this.#readNow(call));
  }

  async size(): Promise<number> {
    try {
      const sql = 'SELECT pg_database_size(current_database()) AS size';
      const [row] = await query(this.#readers, { sql, values: [] });
      return Number(row?.size);
    } catch (error) {
      // A compatible database may not have this function.
      if (sqlState(error) === UNDEFINED_FUNCTION) return 0;
      throw faultOf(error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#unaudited.close(), this.#others.close()]);
    await Promise.all([this.#writers.end(), this.#readers.end()]);
  }

  async #readNow(call: Call<ReadName>): Promise<unknown> {
    await this.preparation.done();
    const script = withoutAudit(startRead(call), []);
    try {
      return await runScriptAsync(script, (statement) => query(this.#readers, statement));
    } catch (error) {
      throw faultOf(error);
    }
  }

  /** All calls at the same time at first. After an error of one, they run one after another, each with a savepoint. */
  async #commit(calls: readonly Call<WriteName>[]): Promise<readonly Settled[]> {
    await this.preparation.done();
    let run = commitTogether;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#withWriter((execute) => run(calls, execute));
      } catch (error) {
        const mayHelp = isConflict(error) || (isOwnFault(error) && run === commitTogether);
        if (!mayHelp || attempt === ATTEMPTS) throw faultOf(error);
        if (isOwnFault(error)) run = commitInTurn;
        await sleep(Math.random() * attempt * 5);
      }
    }
  }

  async #withWriter<Result>(task: (execute: Execute) => Promise<Result>): Promise<Result> {
    const client = await this.#writers.connect();
    try {
      const result = await task((statement) => query(client, statement, this.#names.nameOf(statement.sql)));
      client.release();
      return result;
    } catch (error) {
      await rollBack(client, error);
      throw error;
    }
  }
}

/** A connection that may not be in step with the server is closed; the server then rolls back. */
async function rollBack(client: PoolClient, cause: unknown): Promise<void> {
  if (!keepsConnection(cause)) return client.release(true);
  try {
    await client.query('ROLLBACK');
    client.release();
  } catch {
    client.release(true);
  }
}
