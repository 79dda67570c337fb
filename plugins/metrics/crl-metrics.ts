/** The time series of CRLs. They have no labels: the number of CRLs has no limit. */

import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { CrlSummary } from '../../src/storage/ports.ts';
import type { CrlObserver } from '../../src/revocation/crl/context.ts';

export type CrlMetrics = CrlObserver;

export function createCrlMetrics(registry: Registry): CrlMetrics {
  const published = counter(registry, 'crl_publications_total', 'CRLs that were published.');
  const failures = counter(registry, 'crl_failures_total', 'CRLs that could not be made or stored.');
  const size = gauge(registry, 'crl_size_bytes', 'Size of the CRL that was published last.', 'max');
  const show = summaryGauges(registry);
  return {
    published(_crl, length) {
      published.inc();
      size.set(length);
    },
    failed: () => failures.inc(),
    checked: show,
  };
}

/** The oldest and the first to end: an alert on these is one on every CRL. */
function summaryGauges(registry: Registry): CrlObserver['checked'] {
  const count = gauge(registry, 'crl_count', 'CRLs that must be published.', 'max');
  const missing = gauge(registry, 'crl_missing', 'CRLs that were never published.', 'max');
  const number = gauge(registry, 'crl_number', 'Highest number of a CRL.', 'max');
  const entries = gauge(registry, 'crl_entries', 'Entries of the longest CRL.', 'max');
  const thisUpdate = gauge(
    registry,
    'crl_this_update_timestamp_seconds',
    'Issue of the oldest current CRL, in seconds since 1970.',
    'max',
  );
  const nextUpdate = gauge(
    registry,
    'crl_next_update_timestamp_seconds',
    'End of the current CRL that ends first, in seconds since 1970.',
    'max',
  );
  const ahead = gauge(
    registry,
    'crl_this_update_ahead_seconds',
    'How far thisUpdate of a CRL is ahead of the clock, because the clock was ahead before.',
    'max',
  );
  return (crls, now) => {
    ahead.set(secondsAhead(crls, now));
    const known = crls.filter((crl) => crl !== undefined);
    count.set(crls.length);
    missing.set(crls.length - known.length);
    if (known.length === 0) return;
    number.set(Math.max(...known.map((crl) => crl.number)));
    entries.set(Math.max(...known.map((crl) => crl.entries)));
    thisUpdate.set(Math.min(...known.map((crl) => crl.thisUpdate.getTime())) / 1000);
    nextUpdate.set(Math.min(...known.map((crl) => crl.nextUpdate.getTime())) / 1000);
  };
}

/** 0 unless the clock was ahead when a CRL was published. */
export function secondsAhead(crls: readonly (CrlSummary | undefined)[], now: Date): number {
  const times = crls.map((crl) => crl?.thisUpdate.getTime() ?? 0);
  return Math.max(0, ...times.map((time) => time - now.getTime())) / 1000;
}

const counter = (registry: Registry, name: string, help: string) =>
  new Counter({ name, help, registers: [registry] });

const gauge = (registry: Registry, name: string, help: string, aggregator: 'max') =>
  new Gauge({ name, help, aggregator, registers: [registry] });
