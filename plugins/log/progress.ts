/** How far a file of the log is written, and whether a line of it is. */

import type { RollingFile } from 'pino-roll';

export interface LogProgress {
  write(line: string): void;
  /** As `written` of LogDestination. */
  written(): Promise<void>;
}

interface Waiter {
  /** How many octets must be written. */
  readonly target: number;
  resolve(): void;
  reject(error: Error): void;
}

/** SonicBoom tells of octets, not of lines: both are counted from the start on. */
export function followProgress(file: RollingFile): LogProgress {
  let taken = 0;
  let written = 0;
  let dropped = false;
  const waiting = new Set<Waiter>();

  file.on('write', (octets: number) => {
    written += octets;
    for (const waiter of waiting) {
      if (waiter.target > written) continue;
      waiting.delete(waiter);
      waiter.resolve();
    }
  });
  file.on('error', (error: Error) => {
    for (const waiter of waiting) waiter.reject(error);
    waiting.clear();
  });
  file.on('drop', () => {
    dropped = true;
  });

  return {
    write(line) {
      dropped = false;
      file.write(line);
      if (!dropped) taken += Buffer.byteLength(line);
    },
    async written() {
      if (dropped) throw new Error('the log did not take the line');
      if (written >= taken) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.add({ target: taken, resolve, reject });
      await promise;
    },
  };
}
