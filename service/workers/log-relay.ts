/**
 * A worker writes its log lines into a pipe that the primary reads. To learn whether a line was written, the worker asks
 * over the channel, by the number of the line.
 */

import type { ClosableLog } from '../../plugins/log/options.ts';
import { openStandardOutput } from '../../plugins/log/standard-output.ts';
import { forEachLine } from '../../plugins/log/whole-lines.ts';

/** The log of a worker. `whenLineWritten` asks the primary about one line. */
export function openWorkerLog(
  lineDropped: () => void,
  whenLineWritten: (line: number) => Promise<void>,
): ClosableLog {
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
      if (isLost) throw new Error('the log line did not leave the worker');
      await whenLineWritten(sent);
    },
  };
}

export interface LineLog {
  /** Takes whole lines, in their order. */
  write(lines: string): void;
  /** Resolves when the line with this number, which may still be in the pipe, is written. Rejects if it is lost. */
  whenLineWritten(line: number): Promise<void>;
}

/** How many results are kept: more than the lines that a worker writes while its request travels. */
const KEPT_RESULTS = 10_000;

/** Writes the lines of one worker to `log`. */
export function followLines(log: ClosableLog): LineLog {
  const results = new Map<number, Promise<void>>();
  /** Of lines that are still in the pipe. */
  const waiting = new Map<number, PromiseWithResolvers<void>>();
  let count = 0;

  function settle(line: number, written: Promise<void>): void {
    results.set(line, written);
    results.delete(line - KEPT_RESULTS);
    waiting.get(line)?.resolve(written);
    waiting.delete(line);
  }

  return {
    write(lines) {
      log.write(lines);
      const written = log.written();
      // Most lines are never asked about.
      written.catch(() => {});
      forEachLine(lines, () => settle(++count, written));
    },
    async whenLineWritten(line) {
      if (line <= count - KEPT_RESULTS) throw new Error('the log line was written too long ago');
      if (line <= count) return results.get(line);
      const result = waiting.get(line) ?? Promise.withResolvers<void>();
      waiting.set(line, result);
      return result.promise;
    },
  };
}
