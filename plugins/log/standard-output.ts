/** The log on standard output. A reader that stops, or a full disk, loses lines, but costs no memory and stops nothing. */

import { fstatSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClosableLog } from './options.ts';
import { forEachLine } from './whole-lines.ts';

/** Calls `lineDropped` for each lost line. */
export const openStandardOutput = (lineDropped: () => void): ClosableLog =>
  isFile() ? openFile(lineDropped) : openStream(lineDropped);

const DESCRIPTOR = 1;

function isFile(): boolean {
  try {
    return fstatSync(DESCRIPTOR).isFile();
  } catch {
    return false;
  }
}

/** Size of the buffer for a slow reader, in bytes. */
const BUFFER_SIZE = 1_048_576;
/** How long a close waits for the reader, in milliseconds. */
const CLOSE_TIMEOUT = 2000;

/** For a pipe or a terminal. If its reader hangs, `written` never settles. */
function openStream(lineDropped: () => void): ClosableLog {
  let last = Promise.resolve();
  return {
    write(lines) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      // `written` is called for few lines.
      promise.catch(() => {});
      last = promise;
      if (process.stdout.writableLength < BUFFER_SIZE) {
        process.stdout.write(lines, (error) => (error ? reject(error) : resolve()));
        return;
      }
      forEachLine(lines, lineDropped);
      reject(lost());
    },
    written: () => last,
    async close() {
      const written = new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      await Promise.race([written, sleep(CLOSE_TIMEOUT, undefined, { ref: false })]);
    },
  };
}

/**
 * For a file. On a full disk a write may store only the beginning of a line, and `process.stdout` ignores that. Here the rest
 * is written before the next line, so that no line is broken. Lines of which nothing was stored are lost.
 */
function openFile(lineDropped: () => void): ClosableLog {
  let rest: Uint8Array = new Uint8Array();
  let isLost = false;
  return {
    write(lines) {
      const octets = Buffer.concat([rest, Buffer.from(lines)]);
      const done = writeSome(octets);
      isLost = done < octets.length;
      if (done <= rest.length && isLost) forEachLine(lines, lineDropped);
      rest = done > rest.length ? octets.subarray(done) : rest.subarray(done);
    },
    async written() {
      if (isLost) throw lost();
    },
    async close() {},
  };
}

/** Returns the number of bytes that were written. */
function writeSome(octets: Uint8Array): number {
  let done = 0;
  try {
    while (done < octets.length) done += writeSync(DESCRIPTOR, octets, done);
  } catch {
    // The bytes that were written before the error count.
  }
  return done;
}

const lost = (): Error => new Error('standard output did not accept the line');
