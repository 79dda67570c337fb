import { setTimeout as sleep } from 'node:timers/promises';
import { migrate, MigrationError } from '../sql/migrate.ts';
import { faultOf, sqlState } from './faults.ts';
import { query, withClient } from './pools.ts';

/** An arbitrary number, the same in all replicas. */
const LOCK = 7_332_214_901;

/** How often a migration is run again after another replica won, where the lock has no effect. */
const ATTEMPTS = 5;

/** A table, a row or a type is there already, or the transactions conflict. */
const LOST_RACE: ReadonlySet<string | undefined> = new Set(['42P07', '42710', '23505', '40001', '40P01']);

/** Migrates the database. `timeout` limits the connecting, in milliseconds. Rejects with MigrationError, or PkiError store-unavailable. */
export async function migrateDatabase(url: string, folder: string, timeout: number): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await migrateOnce(url, folder, timeout);
    } catch (error) {
      if (error instanceof MigrationError) throw error;
      if (attempt === ATTEMPTS || !LOST_RACE.has(sqlState(error))) throw faultOf(error);
      await sleep(attempt * 100);
    }
  }
}

/**
 * In one transaction with a lock: other replicas wait. READ COMMITTED sees what the replica committed that had the lock
 * before.
 */
const migrateOnce = (url: string, folder: string, timeout: number): Promise<void> =>
  withClient(url, timeout, async (client) => {
    const execute = (sql: string) => query(client, { sql, values: [] });
    await execute('BEGIN ISOLATION LEVEL READ COMMITTED');
    await execute(`SELECT pg_advisory_xact_lock(${LOCK})`);
    await migrate({ driver: 'pg', folder, execute });
    await execute('COMMIT');
  });
