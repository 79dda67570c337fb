import type { CountStore } from '../plugins/limits/count-store.ts';

/** What the workers of one service share through their primary. */
export interface WorkerContext {
  /** The shared counts of the rate limits. */
  readonly counts: CountStore;
  /** Returns the metrics of all workers in the text format of Prometheus. */
  readonly exposition: () => Promise<string>;
  /** Resolves when log line number `line` of this worker is written. Rejects if the line is lost. */
  readonly whenLineWritten: (line: number) => Promise<void>;
  /** 48 bytes. They let a client resume its TLS session with any worker. */
  readonly ticketKeys: Buffer;
}
