/** Brings a database to the newest schema. The migrations are plain SQL files, `001.do.initial.sql` and so on. */

import { join } from 'node:path';
import Postgrator from 'postgrator';
import type { Row } from './transaction.ts';

export interface MigrationOptions {
  readonly driver: 'pg' | 'sqlite3';
  /** The folder of the migrations, as an absolute path. */
  readonly folder: string;
  /** Runs SQL without parameters, inside the transaction of the migration. */
  readonly execute: (sql: string) => Promise<readonly Row[]>;
}

/**
 * Runs the migrations that are missing. The caller begins and commits the transaction, and holds a lock. Throws
 * MigrationError if a file was edited after it ran.
 */
export async function migrate({ driver, folder, execute }: MigrationOptions): Promise<void> {
  const postgrator = new Postgrator({
    driver,
    migrationPattern: `${escapeGlob(folder)}/*.sql`,
    schemaTable: 'store_schema_version',
    newline: 'LF',
    execQuery: async (sql) => ({ rows: [...(await execute(sql))] }),
  });
  try {
    await postgrator.migrate();
  } catch (error) {
    const [, version] = /^MD5 checksum failed for migration \[(\d+)\]$/.exec(messageOf(error)) ?? [];
    if (version === undefined) throw error;
    throw new MigrationError(`The migration ${version} in ${join(folder)} was edited after it ran`);
  }
}

/** The database has a schema that this version of the service must not use. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** A folder may have characters that mean something in a pattern. */
const escapeGlob = (path: string): string => path.replaceAll(/[?*[\]{}()!+@]/g, '[$&]');
