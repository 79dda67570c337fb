/** Connections to PostgreSQL. */

import { Client, Pool, TypeOverrides, type PoolConfig, type QueryConfig } from 'pg';
import type { Row, Statement } from '../sql/transaction.ts';

/** Parts of the time in which a call must end: it fails before its caller stops to wait. */
const CONNECTION_PART = 0.4;
const STATEMENT_PART = 0.9;

/** How long a statement of a migration may take, and may wait for another process that migrates. */
const MIGRATION_TIMEOUT = 300_000;

/** In parts of the same time: a replica that stops inside a transaction must not hold its locks for longer. */
const IDLE_PART = 2.5;

const INT8 = 20;

/** All numbers of the store are below 2^53. */
function parsers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(INT8, Number);
  return overrides;
}

const optionsOf = (url: string, timeout: number): PoolConfig => ({
  connectionString: url,
  connectionTimeoutMillis: timeout * CONNECTION_PART,
  idle_in_transaction_session_timeout: timeout * IDLE_PART,
  application_name: 'mldsa-api',
  keepAlive: true,
  types: parsers(),
});

/** An error of a connection is also that of its next query. Without a listener it would end the process. */
const ignore = (): void => undefined;

/**
 * A search says along which index it walks. The estimates of the planner are wrong for terms and for checks of each row: it
 * would then collect all rows and sort them, or compile for half a second. Sorting itself stays allowed: without it the
 * planner walks along all certificates to find one.
 */
export const AS_WRITTEN = 'SET jit = off; SET enable_bitmapscan = off';

export interface PoolOptions extends Pick<PoolConfig, 'max' | 'pipeline'> {
  /** Statements for each new connection. Compatible databases need not support them. */
  readonly settings?: string;
}

/** The pool replaces connections that end. `timeout` is the most milliseconds from a call to its result. */
export function createPool(url: string, timeout: number, { settings, ...size }: PoolOptions): Pool {
  const statement = timeout * STATEMENT_PART;
  const pool = new Pool({
    ...optionsOf(url, timeout),
    ...size,
    query_timeout: statement,
    statement_timeout: statement,
    lock_timeout: statement,
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for the promise, unlike its type
    ...(settings !== undefined && { onConnect: (client) => client.query(settings).then(ignore, ignore) }),
  });
  pool.on('error', ignore);
  pool.on('connect', (client) => void client.on('error', ignore));
  return pool;
}

/** Runs `task` with a connection of its own, whose statements may take long. */
export async function withClient<T>(
  url: string,
  timeout: number,
  task: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ ...optionsOf(url, timeout), query_timeout: MIGRATION_TIMEOUT });
  client.on('error', ignore);
  try {
    await client.connect();
    return await task(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

export interface Querying {
  query(config: QueryConfig): Promise<{ readonly rows?: unknown[] }>;
}

/** Returns the rows. With a name, the server parses and plans a statement once for each connection. */
export async function query(
  client: Querying,
  { sql, values }: Statement,
  name?: string,
): Promise<readonly Row[]> {
  const config = { text: sql, values: [...values], ...(name !== undefined && { name }) };
  // A text of several statements has a list of results.
  return ((await client.query(config)).rows ?? []) as Row[];
}
