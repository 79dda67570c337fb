/** Deletes messages that no receiver will get, so that the queue does not grow without end. */

import type { Store } from '../storage/ports.ts';
import type { Receiver } from './receivers.ts';

export interface Retention {
  readonly store: Pick<Store, 'forgetWebhooks'>;
  /** Those that are configured. */
  readonly receivers: readonly Receiver[];
  /** Since the last attempt. */
  readonly days: number;
}

const DAY = 86_400_000;

/** Messages in one transaction, for which other writes wait. */
const BATCH = 500;

/** Returns how many were deleted. Rejects with PkiError store-unavailable. */
export async function forgetOldWebhooks({ store, receivers, days }: Retention, now: Date): Promise<number> {
  const before = new Date(now.getTime() - days * DAY);
  const destinations = receivers.map(({ name }) => name);
  let count = 0;
  for (;;) {
    const forgotten = await store.forgetWebhooks({ before, destinations, limit: BATCH });
    count += forgotten;
    if (forgotten < BATCH) return count;
  }
}
