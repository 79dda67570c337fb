/** The log on standard output, of which not more waits than may: a reader that has stopped costs lines, not memory. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { LogDestination } from './logging.ts';

export interface StandardOutput extends LogDestination {
  /** Answers when everything is handed over, or nobody takes it. */
  close(): Promise<void>;
}

/** Bytes that wait for a reader. */
const MAX_WAITING = 1_048_576;
/** How long the end waits for a reader, in milliseconds. */
const PATIENCE = 2000;

/** `lineDropped` is called for each line that is lost. */
export const openStandardOutput = (lineDropped: () => void): StandardOutput => ({
  write(line) {
    if (process.stdout.writableLength < MAX_WAITING) process.stdout.write(line);
    else lineDropped();
  },
  async close() {
    const written = new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
    await Promise.race([written, sleep(PATIENCE, undefined, { ref: false })]);
  },
});
