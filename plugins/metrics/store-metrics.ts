/** The time series of the store. Every process of a service has the same store, so their maximum is the figure of all. */

import { Counter, Gauge, Histogram, type Registry } from '@prometheus-io/client';
import type { Store, StoreCounts } from '../../src/storage/ports.ts';
import { WRITE_KINDS, type StoreObserver } from '../../src/storage/observed-store.ts';
import { authorityExpiryGauge } from './authority-expiry.ts';
import { addReadGauge } from './read-gauge.ts';

/** Days within which certificates expire, by the value of the label. */
export const EXPIRY_DAYS = Object.freeze({ '1d': 1, '7d': 7, '30d': 30, '90d': 90 } as const);

export interface StoreMetrics {
  readonly observer: StoreObserver;
  set(counts: StoreCounts): void;
  /** Reads when the certificates of the authorities end. */
  readAuthorities(store: Store): Promise<void>;
}

export function createStoreMetrics(registry: Registry): StoreMetrics {
  const writes = writeHistogram(registry);
  const failures = new Counter({
    name: 'store_failures_total',
    help: 'Writes that the store could not do.',
    registers: [registry],
  });
  let pending = 0;
  addReadGauge(registry, {
    name: 'store_pending_writes',
    help: 'Writes that wait for their commit.',
    read: () => pending,
  });
  return {
    observer: {
      begin: () => void (pending += 1),
      end(kind, seconds) {
        pending -= 1;
        writes.observe({ kind }, seconds);
      },
      fail: () => failures.inc(),
    },
    set: countGauges(registry),
    readAuthorities: authorityExpiryGauge(registry),
  };
}

function writeHistogram(registry: Registry) {
  const histogram = new Histogram({
    name: 'store_write_duration_seconds',
    help: 'From a write to its commit on disk, by what is written.',
    labelNames: ['kind'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  });
  for (const kind of WRITE_KINDS) histogram.zero({ kind });
  return histogram;
}

/** Returns the function that sets them. */
function countGauges(registry: Registry): StoreMetrics['set'] {
  const gauge = (name: string, help: string) =>
    new Gauge({ name, help, aggregator: 'max', registers: [registry] });
  const certificates = gauge('store_certificates', 'Certificates in the store.');
  const reservations = gauge('store_open_reservations', 'Serial numbers that are reserved and not used yet.');
  const size = gauge('store_size_bytes', 'Size of the database.');
  const expiring = new Gauge({
    name: 'store_certificates_expiring',
    help: 'Certificates that expire within this time.',
    labelNames: ['within'],
    aggregator: 'max',
    registers: [registry],
  });
  for (const within of Object.keys(EXPIRY_DAYS)) expiring.set({ within }, 0);
  return (counts) => {
    certificates.set(counts.certificates);
    reservations.set(counts.openReservations);
    size.set(counts.size);
    for (const [index, within] of Object.keys(EXPIRY_DAYS).entries())
      expiring.set({ within }, counts.expiring[index] ?? 0);
  };
}
