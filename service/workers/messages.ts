/** What the primary and its workers call each other for. */

import type { Count } from '../../plugins/limits/count-store.ts';
import type { Config } from '../../src/config/schema.ts';
import type { Snapshot } from './exposition.ts';

/** What a worker must know before it starts. */
export interface WorkerSettings {
  /** As the primary has judged it, so that all workers go by one. */
  readonly config: Config;
  /** Descriptor, in the primary, of a socket that the service manager has opened. */
  readonly socket?: number | undefined;
  /** Whether the log is told where it listens: once is enough. */
  readonly announces: boolean;
  /** Of TLS, in base64: a client comes back to another worker than the one that it had. */
  readonly ticketKeys: string;
}

/** A request to count, as a CountStore has it; `window` in milliseconds. */
export interface CountRequest {
  readonly act: 'increment' | 'read';
  readonly key: string;
  readonly window: number;
}

/** What a worker answers the primary. */
export type PrimaryRequests = {
  /** Answered by an event loop that turns. */
  readonly beat: { readonly sent: undefined; readonly answered: void };
  readonly snapshot: { readonly sent: undefined; readonly answered: Snapshot };
  readonly reload: { readonly sent: undefined; readonly answered: void };
  readonly leave: { readonly sent: undefined; readonly answered: void };
};

/** What the primary answers a worker. */
export type WorkerRequests = {
  readonly begin: { readonly sent: undefined; readonly answered: WorkerSettings };
  /** The worker takes connections. */
  readonly serving: { readonly sent: { readonly isReloadable: boolean }; readonly answered: void };
  readonly count: { readonly sent: CountRequest; readonly answered: Count };
  /** Answered once the line of the log with this number, of this worker, is written. */
  readonly fateOfLine: { readonly sent: number; readonly answered: void };
  readonly exposition: { readonly sent: undefined; readonly answered: string };
  /** What it has measured in all, before it ends. */
  readonly farewell: { readonly sent: Snapshot; readonly answered: void };
};
