/** The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header-07). */

import { PkiError } from '../base/errors.ts';
import type { IdempotencyConflict, IdempotencyKey, Store } from '../storage/ports.ts';

/** A request that its caller can repeat. The principal is added by the use case. */
export type RepeatableRequest = Omit<IdempotencyKey, 'principal'>;

export const keyOf = (
  principal: string,
  request: RepeatableRequest | undefined,
): IdempotencyKey | undefined => request && { ...request, principal };

/** How long the key of a completed request is known, in milliseconds. */
const KNOWN_FOR = 86_400_000;

/** Keys in one transaction, for which other writes wait. There can be any number after an upgrade or a pause. */
const BATCH = 500;

/** Resolves when no old key is left. Rejects with PkiError store-unavailable. */
export async function forgetOldKeys(store: Pick<Store, 'forgetIdempotencyKeys'>, now: Date): Promise<void> {
  const before = new Date(now.getTime() - KNOWN_FOR);
  for (;;) {
    const forgotten = await store.forgetIdempotencyKeys({ before, limit: BATCH });
    if (forgotten < BATCH) return;
  }
}

/** What is left of a request whose process ended is abandoned after five minutes, more than any request may take. */
const ABANDONED_AFTER = 300_000;

export type InProgress = Extract<IdempotencyConflict, { readonly outcome: 'in-progress' }>;

/** Whether no process can complete the reservation any more. */
export const isLost = (
  { reservationId, since }: InProgress,
  unsettled: ReadonlySet<string>,
  now: Date,
): boolean => unsettled.has(reservationId) || now.getTime() - since.getTime() > ABANDONED_AFTER;

/** Returns the id of what the first request made. Throws PkiError for a request that is not run. */
export function replayedResult(conflict: IdempotencyConflict): string {
  switch (conflict.outcome) {
    case 'replayed':
      return conflict.result;
    case 'other-request':
      throw new PkiError(
        'idempotency-key-reused',
        'An earlier request with other content had this Idempotency-Key',
      );
    case 'in-progress':
      throw new PkiError(
        'idempotency-in-progress',
        'The first request with this Idempotency-Key still runs; try again in a few seconds',
      );
  }
}
