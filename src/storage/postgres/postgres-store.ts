/**
 * The store in PostgreSQL, which several replicas share. Its SQL is also that of compatible distributed databases: no
 * sequences, and no advisory lock except during a migration.
 */

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { ROOT } from '../../base/root.ts';
import type { Store } from '../ports.ts';
import { commitAll, withoutAudit, type Settled } from '../sql/commit.ts';
import { GroupCommit } from '../sql/group-commit.ts';
import { inTime } from '../sql/in-time.ts';
import { migrate, MigrationError } from '../sql/migrate.ts';
import { Preparation } from '../sql/preparation.ts';
import { runScriptAsync } from '../sql/run-script.ts';
import { createSqlStore, type Driver } from '../sql/sql-store.ts';
import { startRead, type Call, type ReadName, type WriteName } from '../sql/transactions.ts';
import { storeUnavailable } from '../unavailable.ts';
import { faultOf, isConflict, isOwnFault, keepsConnection, sqlState } from './faults.ts';
import { createPool, query, withClient } from './pools.ts';
import { StatementNames } from './statement-names.ts';

const MIGRATIONS = join(ROOT, 'src/storage/postgres/migrations');

/** Connections for reading. */
const READERS = 4;

/** Reservations have a connection of their own: they do not wait for the audit chain, which has one writer at a time. */
const WRITERS = 2;

/** The most writes of each of these, and the most reads, that wait. */
const QUEUE = 1000;

/** The most writes in one commit. */
const GROUP = 64;

/** How often a commit is run again after a conflict with another replica. */
const ATTEMPTS = 8;

/** An arbitrary number. */
const MIGRATION_LOCK = 7_332_214_901;

const UNDEFINED_FUNCTION = '42883';

export interface PostgresOptions {
  readonly url: string;
  /** Folder of the migrations, for tests. */
  readonly migrations?: string;
}

/** Returns the store at once. {@link Preparation.done} of `preparation` migrates the database. */
export function postgresStore({ url, migrations = MIGRATIONS }: PostgresOptions): {
  readonly store: Store;
  readonly preparation: Preparation;
} {
  const driver = new PostgresDriver(url, migrations);
  return { store: createSqlStore(driver), preparation: driver.preparation };
}

class PostgresDriver implements Driver {
  readonly kind = 'postgresql';
  readonly preparation: Preparation;
  readonly #writers: Pool;
  readonly #readers: Pool;
  readonly #names = new StatementNames();
  readonly #reservations: GroupCommit;
  readonly #others: GroupCommit;
  #reads = 0;

  constructor(url: string, migrations: string) {
    this.#writers = createPool(url, WRITERS);
    this.#readers = createPool(url, READERS);
    this.preparation = new Preparation(() => migrateDatabase(url, migrations));
    const commit = (calls: readonly Call<WriteName>[]) => this.#commit(calls);
    this.#reservations = new GroupCommit({ commit, queue: QUEUE, size: GROUP });
    this.#others = new GroupCommit({ commit, queue: QUEUE, size: GROUP });
  }

  write(call: Call<WriteName>): Promise<unknown> {
    return (call.name === 'reserve' ? this.#reservations : this.#others).run(call);
  }

  async read(call: Call<ReadName>): Promise<unknown> {
    if (this.#reads >= QUEUE) throw storeUnavailable('has too many reads waiting');
    this.#reads += 1;
    try {
      return await inTime(this.#readNow(call), storeUnavailable('did not finish a read in time'));
    } finally {
      this.#reads -= 1;
    }
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
    await Promise.all([this.#reservations.close(), this.#others.close()]);
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

  /** Without savepoints at first. After an error of one call, all calls run again, each with a savepoint. */
  async #commit(calls: readonly Call<WriteName>[]): Promise<readonly Settled[]> {
    await this.preparation.done();
    let savepoints = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#commitOnce(calls, savepoints);
      } catch (error) {
        const mayHelp = isConflict(error) || (isOwnFault(error) && !savepoints);
        if (!mayHelp || attempt === ATTEMPTS) throw faultOf(error);
        savepoints = isOwnFault(error);
        await sleep(Math.random() * attempt * 5);
      }
    }
  }

  async #commitOnce(calls: readonly Call<WriteName>[], savepoints: boolean): Promise<Settled[]> {
    const client = await this.#writers.connect();
    try {
      const script = commitAll(calls, { begin: 'BEGIN', savepoints, isOwnFault });
      const settled = await runScriptAsync(script, (statement) =>
        query(client, statement, this.#names.nameOf(statement.sql)),
      );
      client.release();
      return settled;
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

/** In one transaction, with a lock: other replicas wait. */
async function migrateDatabase(url: string, folder: string): Promise<void> {
  try {
    await withClient(url, async (client) => {
      const execute = (sql: string) => query(client, { sql, values: [] });
      await execute('BEGIN');
      await execute(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
      await migrate({ driver: 'pg', folder, execute });
      await execute('COMMIT');
    });
  } catch (error) {
    throw error instanceof MigrationError ? error : faultOf(error);
  }
}
