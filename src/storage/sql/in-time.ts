import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { storeUnavailable } from '../unavailable.ts';

/** The most milliseconds from a call of the store to its result. */
export const CALL_TIMEOUT = 2000;

/**
 * Resolves as `result` does, or rejects with PkiError store-unavailable after `timeout` milliseconds. A process that was
 * busy for longer first reads what has arrived.
 */
export async function inTime<T>(result: Promise<T>, timeout: number, detail: string): Promise<T> {
  const waiting = new AbortController();
  const failing = failAfter(timeout, detail, waiting.signal);
  failing.catch(() => undefined);
  try {
    return await Promise.race([result, failing]);
  } finally {
    waiting.abort();
  }
}

async function failAfter(timeout: number, detail: string, signal: AbortSignal): Promise<never> {
  await sleep(timeout, undefined, { signal });
  await nextTurn();
  throw storeUnavailable(detail);
}
