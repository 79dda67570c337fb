/** `npm run backup`: copies the database in DATA_DIR while the service runs. */

import { existsSync } from 'node:fs';
import { loadConfigOrExit } from '../src/config/load.ts';
import { backUp } from '../src/storage/sqlite/backup.ts';
import { databaseIn } from '../src/storage/sqlite/files.ts';
import { orExit, readOptions } from './command-line.ts';

const USAGE = `npm run backup -- --to FILE
  Copies the database in DATA_DIR to FILE while the service runs, and verifies the copy and its audit chain.
  To restore it: stop the service, move authority.db and authority.db-wal away, copy FILE to DATA_DIR/authority.db.
  PostgreSQL (DATABASE_URL) has its own program: pg_dump --format=custom.
  --to    a file that does not exist; sealed keys are in it, so only its owner can read it

Example:
  DATA_DIR=/var/lib/mldsa npm run -s backup -- --to /backup/authority-2026-11-29.db
`;

const { values } = readOptions(USAGE, { to: { type: 'string' } });

/** Throws Error for what cannot be copied. */
function readPlaces(): { readonly source: string; readonly destination: string } {
  const { to: destination } = values;
  if (destination === undefined) throw new Error('--to must name a file');
  const { DATA_DIR, DATABASE_URL } = loadConfigOrExit();
  if (DATABASE_URL !== undefined) throw new Error('The database is PostgreSQL: use pg_dump');
  if (DATA_DIR === undefined) throw new Error('DATA_DIR is not set');
  const source = databaseIn(DATA_DIR);
  if (!existsSync(source)) throw new Error('There is no database in DATA_DIR');
  if (existsSync(destination)) throw new Error('The file of --to exists');
  return { source, destination };
}

const { source, destination } = orExit(USAGE, readPlaces);
const { certificates, head } = await backUp(source, destination);
console.log(`Copied ${certificates} certificates and ${head.sequence} audit records to ${destination}`);
console.log(`Last audit record: ${Buffer.from(head.hash).toString('hex')}`);
