/**
 * Collects garbage soon after a reply for which node:crypto held a private key or password, because it zeroes them only
 * when V8 collects its objects.
 *
 * A forced collection stops the event loop for 25 to 45 ms, and makes V8 drop a part of its optimized code: under load a
 * request then takes half as long again for some seconds. So it is not forced without such objects, which the native
 * engine does not need for ML-DSA, nor under load if V8 collects by itself.
 */

import fp from 'fastify-plugin';
import { countOfSecrets } from '../src/algorithms/secret-objects.ts';
import { exposeCollector, watchCollections } from './node-internals/garbage.ts';

/** In milliseconds: the pause after the last use of a key, and the longest time under load. */
const IDLE = 1000;
const MAX_DELAY = 10_000;

declare module 'fastify' {
  interface FastifyInstance {
    /** Says that a private key was used outside of a use case, which is observed anyway. */
    collectKeys(): void;
  }
}

export const keyCollection = fp(
  async (app) => {
    const collection = delayed(exposeCollector(), {
      idle: IDLE,
      maxDelay: MAX_DELAY,
      count: countOfSecrets,
      watch: watchCollections,
    });
    app.decorate('collectKeys', () => collection.request());
    app.observeIssuance(() => ({ end: () => collection.request() }));
    app.addHook('onClose', async () => collection.cancel());
  },
  { name: 'key-collection', dependencies: ['domain'] },
);

export interface Delays {
  /** In milliseconds, as `maxDelay`. */
  readonly idle: number;
  readonly maxDelay: number;
  /** Returns how many objects with secrets were made so far. */
  readonly count: () => number;
  /** Returns a function that returns whether V8 has collected all garbage since. */
  readonly watch: () => () => boolean;
}

/**
 * Collects when it has not been requested for `idle` milliseconds, at the latest `maxDelay` milliseconds after the first
 * request, unless V8 has collected since. A request is ignored if no object was made since the collection before the last
 * one: an object that was made before the last one may have been in use then.
 */
export function delayed(
  collect: () => void,
  { idle, maxDelay, count, watch }: Delays,
): { readonly request: () => void; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let latest = 0;
  let lastRequest = 0;
  let counts = [count(), count()] as const;
  let hasCollected = watch();

  function request(): void {
    lastRequest = performance.now();
    if (timer === undefined) {
      if (count() === counts[0]) return;
      latest = lastRequest + maxDelay;
      hasCollected = watch();
    } else if (lastRequest + idle > latest) return;
    clearTimeout(timer);
    timer = setTimeout(end, idle).unref();
  }

  function end(): void {
    timer = undefined;
    const isUsed = performance.now() - lastRequest < idle / 2;
    if (isUsed && hasCollected()) return request();
    collect();
    counts = [counts[1], count()];
  }

  return { request, cancel: () => clearTimeout(timer) };
}
