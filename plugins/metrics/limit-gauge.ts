import type { Registry } from '@prometheus-io/client';
import { addReadGauge } from './read-gauge.ts';

/** Reports at each scrape whether the rate limits are shared. */
export const gaugeLimits = (registry: Registry, store: { readonly degraded: boolean }): void =>
  addReadGauge(registry, {
    name: 'ratelimit_degraded',
    help: '1 while the shared store does not answer and each process counts alone.',
    aggregator: 'max',
    read: () => Number(store.degraded),
  });
