import type { FastifyInstance } from 'fastify';
import { PkiError } from '../../src/base/errors.ts';
import type { Store } from '../../src/storage/ports.ts';
import { EXPIRY_DAYS, type StoreMetrics } from './store-metrics.ts';

/** In milliseconds. To count a million certificates takes the store some 100 ms. */
const INTERVAL = 60_000;

/** Counts what is in the store now and then, not for each scrape. While the store cannot be used the figures stay. */
export function watchStore(app: FastifyInstance, store: Store, metrics: StoreMetrics): void {
  const days = Object.values(EXPIRY_DAYS);
  let timer: NodeJS.Timeout | undefined;

  async function count(): Promise<void> {
    try {
      metrics.set(await store.counts(new Date(), days));
      await metrics.readAuthorities(store);
    } catch (error) {
      if (!(error instanceof PkiError)) app.log.error({ err: error }, 'the store cannot be counted');
    }
    timer = setTimeout(() => void count(), INTERVAL).unref();
  }

  app.addHook('onReady', async () => void count());
  app.addHook('onClose', async () => clearTimeout(timer));
}
