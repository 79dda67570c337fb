/** Chooses the adapter of the store. */

import type { Store } from './ports.ts';
import { isUnavailable } from './unavailable.ts';
import { databaseIn } from './sqlite/files.ts';
import { sqliteStore } from './sqlite/sqlite-store.ts';

/** Names of variables of the configuration. */
export interface StoreConfig {
  readonly DATA_DIR?: string | undefined;
  readonly DATABASE_URL?: string | undefined;
}

/**
 * Returns the store in the database of DATABASE_URL, or in a file in DATA_DIR; undefined if neither is set. A database
 * that cannot be reached now is no error: the store works as soon as the database does. Rejects with MigrationError.
 */
export async function createStore({ DATA_DIR, DATABASE_URL }: StoreConfig): Promise<Store | undefined> {
  const opened = await openStore({ DATA_DIR, DATABASE_URL });
  if (opened === undefined) return undefined;
  const { store, preparation } = opened;
  try {
    await preparation.attempt();
  } catch (error) {
    if (!isUnavailable(error)) {
      await store.close();
      throw error;
    }
  }
  return store;
}

async function openStore({ DATA_DIR, DATABASE_URL }: StoreConfig) {
  if (DATABASE_URL !== undefined) {
    // Loaded only where it is used.
    const { postgresStore } = await import('./postgres/postgres-store.ts');
    return postgresStore({ url: DATABASE_URL });
  }
  return DATA_DIR === undefined ? undefined : sqliteStore({ path: databaseIn(DATA_DIR) });
}
