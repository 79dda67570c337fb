/**
 * A worker writes its log lines into a pipe that the primary reads. To learn whether a line was written, the worker asks
 * over the channel, by the number of the line.
 */

import type { ClosableLog } from '../../plugins/log/options.ts';
import { openStandardOutput } from '../../plugins/log/standard-output.ts';

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
  write(line: string): void;
  /** Resolves when the line with this number, which may still be in the pipe, is written. Rejects if it is lost. */
  whenLineWritten(line: number): Promise<void>;
}

/** How many results are kept: more than the lines that a worker writes while its request travels. */
const KEPT_RESULTS = 10_000;

/** Writes the lines of one worker to `log`. */
export function followLines(log: ClosableLog): LineLog {
  const results = new Map<number, PromiseWithResolvers<void>>();
  let count = 0;

  function resultOf(line: number): PromiseWithResolvers<void> {
    const result = results.get(line) ?? Promise.withResolvers<void>();
    results.set(line, result);
    // Most lines are never asked about.
    result.promise.catch(() => {});
    return result;
  }

  return {
    write(line) {
      log.write(line);
      count += 1;
      log.written().then(resultOf(count).resolve, resultOf(count).reject);
      results.delete(count - KEPT_RESULTS);
    },
    async whenLineWritten(line) {
      if (line <= count - KEPT_RESULTS) throw new Error('the log line was written too long ago');
      await resultOf(line).promise;
    },
  };
}
