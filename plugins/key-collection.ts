/**
 * Collects garbage soon after each reply with a private key, because only the collector of V8 frees the keys of
 * node:crypto.
 */

import fp from 'fastify-plugin';
import { exposeCollector } from './node-internals/garbage.ts';

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
    const collection = delayed(exposeCollector(), IDLE, MAX_DELAY);
    app.decorate('collectKeys', () => collection.request());
    app.observeIssuance(() => ({ end: () => collection.request() }));
    app.addHook('onClose', async () => collection.cancel());
  },
  { name: 'key-collection', dependencies: ['domain'] },
);

/**
 * Runs `act` when it has not been requested for `idle` milliseconds, at the latest `maxDelay` milliseconds after the
 * first request.
 */
export function delayed(
  act: () => void,
  idle: number,
  maxDelay: number,
): { readonly request: () => void; readonly cancel: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let latest = 0;
  function run(): void {
    timer = undefined;
    act();
  }
  return {
    request() {
      const now = performance.now();
      if (timer === undefined) latest = now + maxDelay;
      else if (now + idle > latest) return;
      clearTimeout(timer);
      timer = setTimeout(run, idle).unref();
    },
    cancel: () => clearTimeout(timer),
  };
}
