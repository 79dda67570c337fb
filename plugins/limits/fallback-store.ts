import type { FastifyBaseLogger } from 'fastify';
import { throttle } from '../log/throttle.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import type { Count, CountStore, LimitStore } from './count-store.ts';
import { createMemoryStore } from './memory-store.ts';

/** Returns a function that logs, at most once a minute, that the store which processes share cannot be reached. */
export const createWarning = (sharer: string, log: FastifyBaseLogger): ((error: unknown) => void) =>
  throttle((error) => {
    log.warn(
      { err: error },
      `${sharer} cannot be reached: each process limits its clients alone until it can`,
    );
  });

/** Counts in `shared`, and while that fails, in this process: never unlimited. `warn` gets each error. */
export function createFallbackStore(shared: CountStore, warn: (error: unknown) => void): LimitStore {
  const local = createMemoryStore();
  const breaker = createBreaker();
  const count = async <T extends Count>(
    ask: (store: CountStore) => Promise<T>,
  ): Promise<readonly [count: T, store: CountStore]> => {
    if (!breaker.allows()) return [await ask(local), local];
    try {
      return [await guarded(breaker, ask(shared)), shared];
    } catch (error) {
      warn(error);
      return [await ask(local), local];
    }
  };
  /** A request that the shared store counted is not taken back while that store does not respond. */
  async function giveBackShared(key: string, end: number, quota: number): Promise<boolean> {
    if (!breaker.allows()) return false;
    try {
      return await guarded(breaker, shared.giveBack(key, end, quota));
    } catch (error) {
      warn(error);
      return false;
    }
  }
  return {
    async increment(key, window, quota) {
      const [counted, store] = await count((store) => store.increment(key, window, quota));
      const giveBack: CountStore['giveBack'] =
        store === local ? (...window) => local.giveBack(...window) : giveBackShared;
      return { ...counted, giveBack: (quota) => giveBack(key, counted.end, quota) };
    },
    read: async (key, window) => (await count((store) => store.read(key, window)))[0],
    get degraded() {
      return breaker.isTripped;
    },
  };
}

async function guarded<T>(breaker: Breaker, response: Promise<T>): Promise<T> {
  try {
    const result = await response;
    breaker.succeeded();
    return result;
  } catch (error) {
    breaker.failed();
    throw error;
  }
}
