import type { Registry } from '@prometheus-io/client';
import { addReadGauge } from './read-gauge.ts';

/** Whether the counts of the rate limits are shared, read at each scrape. */
export const gaugeLimits = (registry: Registry, store: { readonly degraded: boolean }): void =>
  addReadGauge(registry, {
    name: 'ratelimit_degraded',
    help: '1 while who holds the shared counts does not answer and each process limits its clients alone.',
    aggregator: 'max',
    read: () => Number(store.degraded),
  });
