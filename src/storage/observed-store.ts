/** A store whose writes are observed, for the metrics. */

import type { Store } from './ports.ts';
import { isUnavailable } from './unavailable.ts';

export const WRITE_KINDS = Object.freeze(['reserve', 'complete', 'audit', 'other'] as const);
export type WriteKind = (typeof WRITE_KINDS)[number];

export interface StoreObserver {
  /** A write was requested. */
  begin(): void;
  /** The write is on disk, or was refused. `seconds` is the time since {@link StoreObserver.begin}. */
  end(kind: WriteKind, seconds: number): void;
  /** The store could not be used. */
  fail(): void;
}

const KINDS = {
  abandon: 'other',
  addAuthorityKey: 'other',
  addCheckpoint: 'other',
  addProfileVersion: 'other',
  addServiceKey: 'other',
  appendAudit: 'audit',
  claimLease: 'other',
  claimWebhooks: 'other',
  complete: 'complete',
  createAuthority: 'other',
  forgetIdempotencyKeys: 'other',
  forgetWebhooks: 'other',
  importAuthorityCertificate: 'other',
  publishCrl: 'other',
  queueWebhooks: 'other',
  release: 'other',
  reseal: 'other',
  resealServiceKey: 'other',
  reserve: 'reserve',
  retryWebhook: 'other',
  revoke: 'other',
  settleWebhook: 'other',
  updateAuthority: 'other',
} as const satisfies Partial<Record<keyof Store, WriteKind>>;

type Write = keyof typeof KINDS;

export function observedStore(store: Store, observer: StoreObserver): Store {
  const writes = Object.entries(KINDS).map(([name, kind]) => [
    name,
    observed(kind, store[name as Write] as Method, observer),
  ]);
  return { ...store, ...(Object.fromEntries(writes) as Pick<Store, Write>) };
}

type Method = (input: unknown) => Promise<unknown>;

const observed =
  (kind: WriteKind, method: Method, observer: StoreObserver): Method =>
  async (input) => {
    const start = performance.now();
    observer.begin();
    try {
      return await method(input);
    } catch (error) {
      if (isUnavailable(error)) observer.fail();
      throw error;
    } finally {
      observer.end(kind, (performance.now() - start) / 1000);
    }
  };
