import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';

/** The most milliseconds from a call of the store to its result. */
export const CALL_TIMEOUT = 2000;

/**
 * Resolves as `result` does, or rejects with `error` after `timeout` milliseconds. A process that was busy for longer
 * first reads what has arrived.
 */
export async function inTime<T>(result: Promise<T>, error: Error, timeout = CALL_TIMEOUT): Promise<T> {
  const waiting = new AbortController();
  const fail = async (): Promise<never> => {
    await sleep(timeout, undefined, { signal: waiting.signal });
    await nextTurn();
    throw error;
  };
  const failing = fail();
  failing.catch(() => undefined);
  try {
    return await Promise.race([result, failing]);
  } finally {
    waiting.abort();
  }
}
