/** The counts of all rate limits, as `app.limitStore`. */

import { callbackify } from 'node:util';
import rateLimit, { type FastifyRateLimitStore, type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { Count, CountStore, LimitStore } from './count-store.ts';
import { createFallbackStore, createWarning } from './fallback-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { openRedisStore } from './redis-store.ts';
import { createTickets, type Tickets } from './tickets.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly limitStore: LimitStore;
    readonly limitTickets: Tickets;
  }
}

/** With several workers, `shared` is their common store. REDIS_URL takes precedence over it. */
export const limitStore = fp<{ shared?: CountStore | undefined }>(
  async (app, { shared }) => {
    const store = await openStore(app, shared);
    const tickets = createTickets();
    app.decorate('limitStore', store);
    app.decorate('limitTickets', tickets);
    await app.register(rateLimit, { global: false, store: storeClass(store, tickets) });
  },
  { name: 'limit-store', dependencies: ['config'] },
);

async function openStore(app: FastifyInstance, shared: CountStore | undefined): Promise<LimitStore> {
  const { REDIS_URL } = app.config;
  if (REDIS_URL !== undefined) {
    const redis = await openRedisStore(REDIS_URL);
    app.addHook('onClose', async () => redis.close());
    const warn = createWarning('REDIS_URL', app.log);
    app.addHook('onListen', async () => {
      const error = redis.connectionError();
      if (error) warn(error);
    });
    return createFallbackStore(redis, warn);
  }
  if (shared !== undefined) return createFallbackStore(shared, createWarning('the primary process', app.log));
  return localStore(createMemoryStore());
}

const localStore = (memory: CountStore): LimitStore => ({
  async increment(key, window, quota) {
    const counted = await memory.increment(key, window, quota);
    return { ...counted, giveBack: (quota) => memory.giveBack(key, counted.end, quota) };
  },
  read: (key, window) => memory.read(key, window),
  degraded: false,
});

type Callback = (error: Error | null, count?: Count) => void;

/** For @fastify/rate-limit, which creates one instance for each limit: all use `store`, and keys begin with the policy. */
function storeClass(store: LimitStore, tickets: Tickets): FastifyRateLimitStoreCtor {
  const increment = callbackify(async (ticket: string, window: number, quota: number) => {
    const counted = await store.increment(tickets.keyOf(ticket), window, quota);
    tickets.put(ticket, counted);
    return counted;
  });
  const read = callbackify((key: string, window: number) => store.read(tickets.keyOf(key), window));
  return class implements FastifyRateLimitStore {
    incr(key: string, callback: Callback, window: number, quota: number): void {
      increment(key, window, quota, callback);
    }

    read(key: string, callback: Callback, window: number): void {
      read(key, window, callback);
    }

    child(): this {
      return this;
    }
  };
}
