/** Connections to PostgreSQL. */

import { Client, Pool, TypeOverrides, type PoolConfig, type QueryConfig } from 'pg';
import type { Row, Statement } from '../sql/transaction.ts';

/** Milliseconds. Together they are below the two seconds in which each call must end. */
const CONNECTION_TIMEOUT = 800;
const STATEMENT_TIMEOUT = 1800;

/** How long a statement of a migration may take, and may wait for another process that migrates. */
const MIGRATION_TIMEOUT = 300_000;

/** A replica that stops inside a transaction must not hold its locks for longer. */
const IDLE_TIMEOUT = 5000;

const INT8 = 20;

/** All numbers of the store are below 2^53. */
function parsers(): TypeOverrides {
  const overrides = new TypeOverrides();
  overrides.setTypeParser(INT8, Number);
  return overrides;
}

const optionsOf = (url: string): PoolConfig => ({
  connectionString: url,
  connectionTimeoutMillis: CONNECTION_TIMEOUT,
  idle_in_transaction_session_timeout: IDLE_TIMEOUT,
  application_name: 'mldsa-api',
  keepAlive: true,
  types: parsers(),
});

/** An error of a connection is also that of its next query. Without a listener it would end the process. */
const ignore = (): void => undefined;

/** The pool replaces connections that end. */
export function createPool(url: string, size: Pick<PoolConfig, 'max' | 'pipeline'>): Pool {
  const pool = new Pool({
    ...optionsOf(url),
    ...size,
    query_timeout: STATEMENT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    lock_timeout: STATEMENT_TIMEOUT,
  });
  pool.on('error', ignore);
  pool.on('connect', (client) => void client.on('error', ignore));
  return pool;
}

/** Runs `task` with a connection of its own, whose statements may take long. */
export async function withClient<T>(url: string, task: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...optionsOf(url), query_timeout: MIGRATION_TIMEOUT });
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
