import type { CountStore } from '../plugins/limits/count-store.ts';

/** What the workers of one service have in common, through their primary. */
export interface WorkerContext {
  /** Where the rate limits count together. */
  readonly counts: CountStore;
  /** What all workers have measured, in the text format of Prometheus. */
  readonly exposition: () => Promise<string>;
  /** Answers once the line of the log that was the so many-th of this worker is written. Rejects where it is lost. */
  readonly whenLineWritten: (line: number) => Promise<void>;
  /** Of TLS: 48 octets, so that a client resumes a session with any worker. */
  readonly ticketKeys: Buffer;
}
