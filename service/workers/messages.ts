/** The messages between the primary and its workers. */

import type { Config } from '../../src/config/schema.ts';
import type { Snapshot } from './exposition.ts';
import type { FullWindow, Lease, LeasedWindow, LeaseRequest, ReturnedUnits } from './leases/messages.ts';

/** What a worker needs to start. */
export interface WorkerSettings {
  /** Validated by the primary, so that all workers use the same configuration. */
  readonly config: Config;
  /** The file descriptor, in the primary, of a listening socket that the service manager has passed. */
  readonly socket?: number | undefined;
  /** Whether this worker logs the address that it listens on: one worker does. */
  readonly announces: boolean;
  /** Base64. They let a client resume its TLS session with another worker. */
  readonly ticketKeys: string;
}

/** Requests from the primary, which a worker handles. */
export type PrimaryRequests = {
  /** An event loop that runs responds. */
  readonly ping: { readonly request: undefined; readonly response: void };
  /** Returns the number of units that no request has used. */
  readonly recall: { readonly request: LeasedWindow; readonly response: number };
  readonly noteFull: { readonly request: FullWindow; readonly response: void };
  readonly snapshot: { readonly request: undefined; readonly response: Snapshot };
  readonly reload: { readonly request: undefined; readonly response: void };
  readonly leave: { readonly request: undefined; readonly response: void };
};

/** Requests from a worker, which the primary handles. */
export type WorkerRequests = {
  readonly settings: { readonly request: undefined; readonly response: WorkerSettings };
  /** The worker accepts connections. */
  readonly serving: { readonly request: { readonly isReloadable: boolean }; readonly response: void };
  readonly lease: { readonly request: LeaseRequest; readonly response: Lease };
  readonly putBack: { readonly request: ReturnedUnits; readonly response: boolean };
  readonly fullWindows: { readonly request: undefined; readonly response: readonly FullWindow[] };
  /** The response comes when log line `request` of this worker is written. */
  readonly whenLineWritten: { readonly request: number; readonly response: void };
  readonly exposition: { readonly request: undefined; readonly response: string };
  /** The last metrics of a worker, before it ends. */
  readonly finalMetrics: { readonly request: Snapshot; readonly response: void };
};
