/** What a thread of the database does. Tasks are synchronous, so that nothing comes between the statements of a commit. */

import type { TaskTable } from '../../base/worker-pool-thread.ts';
import { commitAll, withoutAudit, type CommitOptions, type Settled } from '../sql/commit.ts';
import { runScript } from '../sql/run-script.ts';
import { startRead, type Call, type ReadName, type WriteName } from '../sql/transactions.ts';
import type { Row, Statement } from '../sql/transaction.ts';
import { openExisting, type Connection } from './connection.ts';
import { faultOf, isOwnFault, needsNewConnection } from './faults.ts';

export interface Place {
  /** The database file. */
  readonly path: string;
}

/** An error of one call, without its class, which is lost between threads. */
export type Reply = { readonly output: unknown } | { readonly fault: string };

export interface SqliteTasks extends TaskTable {
  readonly commit: (input: Place & { readonly calls: readonly Call<WriteName>[] }) => {
    readonly replies: readonly Reply[];
  };
  readonly read: (input: Place & { readonly call: Call<ReadName> }) => { readonly output: unknown };
  /** A step of a migration: SQL without parameters. */
  readonly migrate: (input: Place & { readonly sql: string }) => { readonly rows: readonly Row[] };
  readonly close: (input: object) => object;
}

export function createSqliteTasks(): SqliteTasks {
  const connections = new Connections();
  return {
    commit: ({ path, calls }) =>
      connections.use(
        () => openExisting(path, false),
        (connection) => ({ replies: commit(connection, calls) }),
      ),
    read: ({ path, call }) =>
      connections.use(
        () => openExisting(path, true),
        (connection) => ({
          output: runScript(withoutAudit(startRead(call), []), (statement) => connection.execute(statement)),
        }),
      ),
    migrate: ({ path, sql }) =>
      connections.use(
        () => openExisting(path, false),
        (connection) => ({ rows: migrationStep(connection, sql) }),
      ),
    close() {
      connections.close();
      return {};
    },
  };
}

/** The connection of this thread, which is replaced when it does not work. */
class Connections {
  #connection: Connection | undefined;

  /** Throws PkiError store-unavailable for errors of the database. */
  use<Result>(open: () => Connection, task: (connection: Connection) => Result): Result {
    try {
      if (this.#connection?.isCurrent === false) this.close();
      this.#connection ??= open();
      return task(this.#connection);
    } catch (error) {
      if (needsNewConnection(error)) this.close();
      throw faultOf(error);
    }
  }

  close(): void {
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
  }
}

const BEGIN = 'BEGIN IMMEDIATE';

/** Without savepoints at first, which copy every page that changes. After an error of one call, each has one. */
function commit(connection: Connection, calls: readonly Call<WriteName>[]): Reply[] {
  try {
    return attempt(connection, calls, { begin: BEGIN });
  } catch (error) {
    if (!isOwnFault(error)) throw error;
    return attempt(connection, calls, { begin: BEGIN, isOwnFault });
  }
}

function attempt(connection: Connection, calls: readonly Call<WriteName>[], options: CommitOptions): Reply[] {
  const execute = (statement: Statement): readonly Row[] =>
    statement.sql === BEGIN ? begin(connection) : connection.execute(statement);
  try {
    return runScript(commitAll(calls, options), execute).map(replyOf);
  } catch (error) {
    if (connection.isInTransaction) connection.executeScript('ROLLBACK');
    throw error;
  }
}

function begin(connection: Connection): readonly Row[] {
  connection.begin();
  return [];
}

const replyOf = (settled: Settled): Reply =>
  'output' in settled
    ? settled
    : { fault: settled.error instanceof Error ? settled.error.message : 'unknown' };

/** The steps between BEGIN and COMMIT must find the transaction that the first began. */
function migrationStep(connection: Connection, sql: string): readonly Row[] {
  const begins = sql === BEGIN;
  if (begins === connection.isInTransaction) throw new Error('The transaction of the migration was lost');
  if (begins) return begin(connection);
  if (/^\s*SELECT/i.test(sql)) return connection.execute({ sql, values: [] });
  connection.executeScript(sql);
  return [];
}
