/** Forgets the Idempotency-Key of a request that no client repeats any more. Otherwise the store would keep every key. */

import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { forgetOldKeys } from '../src/authorities/idempotency.ts';
import type { Clock } from '../src/base/clock.ts';
import { PkiError } from '../src/base/errors.ts';
import type { Store } from '../src/storage/ports.ts';

/** In milliseconds: so often that the keys of one interval are few, and deleting them delays no other write. */
const INTERVAL = 60_000;

export const idempotencyKeys = fp<{ readonly clock: Clock }>(
  async (app, { clock }) => {
    const store = app.authorityDomain?.store;
    if (store === undefined) return;
    const timer = setInterval(() => void forget(app, store, clock), INTERVAL).unref();
    app.addHook('onReady', async () => void forget(app, store, clock));
    app.addHook('onClose', async () => clearInterval(timer));
  },
  { name: 'idempotency-keys', dependencies: ['authorities'] },
);

/** While the store cannot be used, which readiness reports, nothing is forgotten. */
async function forget({ log }: FastifyInstance, store: Store, clock: Clock): Promise<void> {
  try {
    await forgetOldKeys(store, clock());
  } catch (error) {
    if (!(error instanceof PkiError)) log.error({ err: error }, 'old Idempotency-Keys cannot be forgotten');
  }
}
