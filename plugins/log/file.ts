/** The log in files that follow each other. A full disk costs lines, never the service. */

import { once } from 'node:events';
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RollingFile } from 'pino-roll';
import { systemCode } from '../../src/base/system-code.ts';
import { followProgress } from './progress.ts';
import type { ClosableLog } from './options.ts';

export interface RotationLimits {
  /** Bytes after which the next file is begun. */
  readonly size: number;
  /** How many files are kept besides the one that is written. */
  readonly files: number;
}

/** What the production guide promises. */
export const ROTATION: RotationLimits = Object.freeze({ size: 10_240_000, files: 10 });

export interface LogFaults {
  /** A write or a rotation failed; it is tried again with the next line. */
  writeFailed(error: Error): void;
  /** A line is lost: as much waits as may. */
  lineDropped(): void;
}

/** Bytes that wait for a disk that does not take them. */
const MAX_WAITING = 262_144;

/**
 * `/var/log/api/service.log` is written to as service.1.log, service.2.log, … of that folder, which is made where only
 * it is missing; current.log there leads to the file that is written now. Throws the error of the file system.
 */
export async function openLogFile(
  path: string,
  faults: LogFaults,
  { size, files }: RotationLimits = ROTATION,
): Promise<ClosableLog> {
  await prepareFolder(dirname(path));
  // Only here: it brings a library of dates, a twelfth of the start.
  const { default: roll } = await import('pino-roll');
  const file = await roll({
    file: path,
    size: `${size}b`,
    limit: { count: files, removeOtherLogFiles: true },
    symlink: true,
    maxLength: MAX_WAITING,
    // With 0, a flush does nothing.
    minLength: 1,
    mode: 0o640,
  });
  await once(file, 'ready');
  // Without a listener an error ends the process.
  file.on('error', (error: Error) => faults.writeFailed(error));
  file.on('drop', () => {
    faults.lineDropped();
    // A line that is not taken starts no write, and after a failed one nothing else would.
    file.flush();
  });
  return logFileOf(file);
}

async function prepareFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
  // pino-roll throws nothing that could be caught. With the slash a file is no folder.
  await access(`${path}/`, constants.W_OK | constants.X_OK);
}

/** What comes after it is closed goes to standard error. */
function logFileOf(file: RollingFile): ClosableLog {
  let closed = false;
  const progress = followProgress(file);
  return {
    write(line) {
      if (closed) process.stderr.write(line);
      else progress.write(line);
    },
    written: () => progress.written(),
    async close() {
      if (closed) return;
      closed = true;
      await new Promise<void>((resolve) => file.flush(() => resolve()));
      file.end();
    },
  };
}
