/** The files of the database. */

import { statSync } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { storeUnavailable } from '../unavailable.ts';

/** The database in a directory of data. */
export const databaseIn = (directory: string): string => join(directory, 'authority.db');

/** Creates the file and its folder if they are missing. Only their owner may read them: sealed keys are in it. */
export async function createFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    const file = await open(path, 'a', 0o600);
    await file.close();
  } catch (error) {
    throw storeUnavailable('file cannot be created or written', error);
  }
}

/** Device and inode of the file and of its write-ahead log. */
export const identityOf = (path: string): string => [path, `${path}-wal`].map(inodeOf).join(' ');

function inodeOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats === undefined ? 'missing' : `${stats.dev}:${stats.ino}`;
}

/** In bytes; 0 for a file that is missing. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}
