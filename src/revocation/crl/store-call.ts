/** A call of the store, for which a request waits a short time only. */

import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicNow } from '../../base/clock.ts';

/** Several requests can wait for it. */
export interface Call {
  readonly startedAt: number;
  /** It never rejects. */
  readonly done: Promise<void>;
}

export const callOf = (done: Promise<void>): Call => ({ startedAt: monotonicNow(), done });

/** From the start of the call, in milliseconds: a store that hangs delays no request that begins later. */
const PATIENCE = 200;

/** Waits for the call, but not after {@link PATIENCE}. */
export async function patiently({ startedAt, done }: Call): Promise<void> {
  const left = startedAt + PATIENCE - monotonicNow();
  if (left <= 0) return;
  const isDone = new AbortController();
  const timeout = sleep(left, undefined, { signal: isDone.signal }).catch(() => undefined);
  await Promise.race([done, timeout]);
  isDone.abort();
}
