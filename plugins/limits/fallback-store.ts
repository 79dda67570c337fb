import type { FastifyBaseLogger } from 'fastify';
import { throttle } from '../log/throttle.ts';
import { createBreaker, type Breaker } from './breaker.ts';
import type { Count, CountStore, LimitStore } from './count-store.ts';
import { createMemoryStore } from './memory-store.ts';

/** Counts in `shared`, and while that fails, in this process: never unlimited. The warning names `sharer`. */
export function createFallbackStore(shared: CountStore, sharer: string, log: FastifyBaseLogger): LimitStore {
  const local = createMemoryStore();
  const breaker = createBreaker();
  const warn = throttle((error: unknown) => {
    log.warn({ err: error }, `${sharer} does not answer: each process limits its clients alone`);
  });
  const count = async (ask: (store: CountStore) => Promise<Count>): Promise<Count> => {
    if (!breaker.allows()) return ask(local);
    try {
      return await guarded(breaker, ask(shared));
    } catch (error) {
      warn(error);
      return ask(local);
    }
  };
  return {
    increment: (key, window) => count((store) => store.increment(key, window)),
    read: (key, window) => count((store) => store.read(key, window)),
    get degraded() {
      return breaker.isTripped;
    },
  };
}

async function guarded(breaker: Breaker, answer: Promise<Count>): Promise<Count> {
  try {
    const count = await answer;
    breaker.succeeded();
    return count;
  } catch (error) {
    breaker.failed();
    throw error;
  }
}
