/** A worker's lines of the log reach the primary through a pipe; what became of one is asked over the channel, by its number. */

import type { ClosableLog } from '../../plugins/log/options.ts';
import { openStandardOutput } from '../../plugins/log/standard-output.ts';

/** The log of a worker. `fateOf` asks the primary for that of a line. */
export function openWorkerLog(lineDropped: () => void, fateOf: (line: number) => Promise<void>): ClosableLog {
  let sent = 0;
  let isLost = false;
  const output = openStandardOutput(() => {
    isLost = true;
    lineDropped();
  });
  return {
    ...output,
    write(line) {
      isLost = false;
      output.write(line);
      if (!isLost) sent += 1;
    },
    async written() {
      if (isLost) throw new Error('the line did not leave the worker');
      await fateOf(sent);
    },
  };
}

export interface LineLog {
  write(line: string): void;
  /** Answers once the line of this number, which may be still to come, is written. Rejects where it is lost. */
  fateOf(line: number): Promise<void>;
}

/** Lines whose fate is remembered: more than a worker writes while a question is on its way. */
const REMEMBERED = 10_000;

/** What one worker writes, passed on to `log`. */
export function followLines(log: ClosableLog): LineLog {
  const fates = new Map<number, PromiseWithResolvers<void>>();
  let count = 0;

  function fate(line: number): PromiseWithResolvers<void> {
    const known = fates.get(line) ?? Promise.withResolvers<void>();
    fates.set(line, known);
    // About most lines nobody asks.
    known.promise.catch(() => {});
    return known;
  }

  return {
    write(line) {
      log.write(line);
      count += 1;
      log.written().then(fate(count).resolve, fate(count).reject);
      fates.delete(count - REMEMBERED);
    },
    async fateOf(line) {
      if (line <= count - REMEMBERED) throw new Error('the line was written too long ago');
      await fate(line).promise;
    },
  };
}
