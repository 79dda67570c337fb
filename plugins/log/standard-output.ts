/** The log on standard output. A reader that has stopped, or a full disk, costs lines; neither memory nor the service. */

import { fstatSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClosableLog } from './options.ts';

/** `lineDropped` is called for each line that is lost. */
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

/** Bytes that wait for a reader. */
const MAX_WAITING = 1_048_576;
/** How long the end waits for a reader, in milliseconds. */
const PATIENCE = 2000;

/** A pipe or a terminal. Of one whose reader hangs, the question what became of a line stays open. */
function openStream(lineDropped: () => void): ClosableLog {
  let last = Promise.resolve();
  return {
    write(line) {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      // About most lines nobody asks.
      promise.catch(() => {});
      last = promise;
      if (process.stdout.writableLength < MAX_WAITING) {
        process.stdout.write(line, (error) => (error ? reject(error) : resolve()));
        return;
      }
      lineDropped();
      reject(lost());
    },
    written: () => last,
    async close() {
      const written = new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
      await Promise.race([written, sleep(PATIENCE, undefined, { ref: false })]);
    },
  };
}

/**
 * A full disk takes the beginning of a line, and `process.stdout` takes that for the whole. Here the rest of it comes
 * before the next line, so that every line is a line; those that found no room at all are lost.
 */
function openFile(lineDropped: () => void): ClosableLog {
  let rest: Uint8Array = new Uint8Array();
  let isLost = false;
  return {
    write(line) {
      const octets = Buffer.concat([rest, Buffer.from(line)]);
      const done = writeSome(octets);
      isLost = done < octets.length;
      if (done <= rest.length && isLost) lineDropped();
      rest = done > rest.length ? octets.subarray(done) : rest.subarray(done);
    },
    async written() {
      if (isLost) throw lost();
    },
    async close() {},
  };
}

/** Answers how many octets were taken. */
function writeSome(octets: Uint8Array): number {
  let done = 0;
  try {
    while (done < octets.length) done += writeSync(DESCRIPTOR, octets, done);
  } catch {
    // How far it came is the answer.
  }
  return done;
}

const lost = (): Error => new Error('standard output did not take the line');
