/** Tracks how much of the log is written, to know whether a line is. */

import type { RollingFile } from 'pino-roll';

export interface LogProgress {
  write(lines: string): void;
  /** See `written` of LogDestination. */
  written(): Promise<void>;
}

interface Waiter {
  /** The number of bytes that must be written before. */
  readonly target: number;
  resolve(): void;
  reject(error: Error): void;
}

/** SonicBoom reports bytes, not lines, so bytes that it accepts and bytes that it writes are counted from the start. */
export function followProgress(file: RollingFile): LogProgress {
  let accepted = 0;
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
    write(lines) {
      dropped = false;
      file.write(lines);
      if (!dropped) accepted += Buffer.byteLength(lines);
    },
    async written() {
      if (dropped) throw new Error('the buffer of the log is full');
      if (written >= accepted) return;
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      waiting.add({ target: accepted, resolve, reject });
      await promise;
    },
  };
}
