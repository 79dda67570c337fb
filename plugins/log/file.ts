/** The log in rotated files. A full disk loses lines, and never stops the service. */

import { once } from 'node:events';
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RollingFile } from 'pino-roll';
import { systemCode } from '../../src/base/system-code.ts';
import { followProgress } from './progress.ts';
import type { ClosableLog } from './options.ts';
import { forEachLine } from './whole-lines.ts';

export interface RotationLimits {
  /** Size of a file in bytes, after which the next one starts. */
  readonly size: number;
  /** Number of files that are kept besides the current one. */
  readonly files: number;
}

/** As the production guide promises. */
export const ROTATION: RotationLimits = Object.freeze({ size: 10_240_000, files: 10 });

export interface LogFaults {
  /** A write or a rotation failed. It is repeated with the next line. */
  writeFailed(error: Error): void;
  /** A line is lost, because the buffer is full. */
  lineDropped(): void;
}

/** Size of the buffer for a slow disk, in bytes. */
const BUFFER_SIZE = 262_144;

/**
 * For the path `/var/log/api/service.log`, the files are service.1.log, service.2.log, … in that folder, and current.log links
 * to the current one. Creates the folder, but not its parents. Throws the error of the file system.
 */
export async function openLogFile(
  path: string,
  faults: LogFaults,
  { size, files }: RotationLimits = ROTATION,
): Promise<ClosableLog> {
  await prepareFolder(dirname(path));
  // Loaded only here: it loads a library of dates, which takes a twelfth of the start.
  const { default: roll } = await import('pino-roll');
  const file = await roll({
    file: path,
    size: `${size}b`,
    limit: { count: files, removeOtherLogFiles: true },
    symlink: true,
    maxLength: BUFFER_SIZE,
    // A flush does nothing if this is 0.
    minLength: 1,
    mode: 0o640,
  });
  await once(file, 'ready');
  // Without a listener an error ends the process.
  file.on('error', (error: Error) => faults.writeFailed(error));
  file.on('drop', (lines: string) => {
    forEachLine(lines, () => faults.lineDropped());
    // A dropped line starts no write, and after a failed write nothing else would.
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
  // Errors of pino-roll cannot be caught. The slash makes this fail for a file.
  await access(`${path}/`, constants.W_OK | constants.X_OK);
}

/** Lines after its close go to standard error. */
function logFileOf(file: RollingFile): ClosableLog {
  let closed = false;
  const progress = followProgress(file);
  return {
    write(lines) {
      if (closed) process.stderr.write(lines);
      else progress.write(lines);
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
