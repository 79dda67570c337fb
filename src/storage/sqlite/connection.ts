/** A connection to the database file. */

import { existsSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Row, Statement } from '../sql/transaction.ts';
import { storeUnavailable } from '../unavailable.ts';
import { resultCode } from './faults.ts';
import { identityOf } from './files.ts';

/**
 * How long a statement waits for a lock of another process, in milliseconds. It is below the two seconds in which each
 * call must end.
 */
const BUSY_TIMEOUT = 1500;

/** Milliseconds between two attempts to take the lock. SQLite itself waits up to 100 ms, which other processes win. */
const LONGEST_PAUSE = 4;

/** SQLITE_BUSY */
const BUSY = 5;

/** Statements that are kept compiled. */
const STATEMENTS = 300;

/** Kibibytes of pages in memory. A commit visits the whole cache of its connection: a larger one costs more. */
const CACHE = { reading: 32_768, writing: 4096 };

export class Connection {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, Prepared>();
  readonly #path: string;
  readonly #identity: string;

  constructor(path: string, readOnly: boolean) {
    this.#path = path;
    this.#database = new DatabaseSync(path, { readOnly, timeout: BUSY_TIMEOUT });
    this.#database.exec(readOnly ? `PRAGMA cache_size = -${CACHE.reading}` : SETTINGS);
    this.#database.prepare('SELECT count(*) FROM sqlite_schema').all();
    // `begin` waits in its own way.
    if (!readOnly) this.#database.exec('PRAGMA busy_timeout = 0');
    this.#identity = identityOf(path);
  }

  /** Whether the files are still those that were opened. SQLite goes on writing to files that were deleted. */
  get isCurrent(): boolean {
    return identityOf(this.#path) === this.#identity;
  }

  get isInTransaction(): boolean {
    return this.#database.isTransaction;
  }

  execute({ sql, values }: Statement): readonly Row[] {
    const { statement, order } = this.#prepared(sql);
    const inOrder = order === undefined ? values : order.map((index) => values[index] ?? null);
    return statement.all(...inOrder) as readonly Row[];
  }

  /**
   * Begins a transaction that writes. It takes the lock at once: a transaction that takes it later can fail. Throws the
   * error of SQLite if another process has the lock for too long.
   */
  begin(): void {
    const end = performance.now() + BUSY_TIMEOUT;
    for (;;) {
      try {
        return this.#database.exec('BEGIN IMMEDIATE');
      } catch (error) {
        if (resultCode(error) !== BUSY || performance.now() > end) throw error;
      }
      pause(Math.random() * LONGEST_PAUSE);
    }
  }

  /** Runs statements without parameters. */
  executeScript(sql: string): void {
    this.#database.exec(sql);
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #prepared(sql: string): Prepared {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    if (this.#statements.size >= STATEMENTS) this.#statements.clear();
    const prepared = prepare(this.#database, sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

interface Prepared {
  readonly statement: StatementSync;
  /** Indices of the values, in the order of the parameters; undefined if that is the order of the values. */
  readonly order?: readonly number[];
}

/** Parameters become anonymous: node:sqlite searches all names for each named one. */
function prepare(database: DatabaseSync, sql: string): Prepared {
  const order: number[] = [];
  const text = sql.replaceAll(/\$(\d+)/g, (_, number: string) => {
    order.push(Number(number) - 1);
    return '?';
  });
  const statement = database.prepare(text);
  return order.every((value, index) => value === index) ? { statement } : { statement, order };
}

const pause = (milliseconds: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/**
 * FULL: a commit is on disk when it returns, also after a power failure. A certificate changes some 40 pages, most of
 * them in one row: with pages of 1024 bytes instead of 4096 a commit writes a quarter of the bytes. The page size
 * concerns a new file only.
 */
const SETTINGS = `
  PRAGMA page_size = 1024;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 16000;
  PRAGMA cache_size = -${CACHE.writing};
`;

/** Opens an existing file. Throws PkiError store-unavailable if there is none. */
export function openExisting(path: string, readOnly: boolean): Connection {
  if (!existsSync(path)) throw storeUnavailable('file is missing');
  return new Connection(path, readOnly);
}
