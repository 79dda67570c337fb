import { Gauge, type Registry } from '@prometheus-io/client';
import { ifReadable } from '../../src/base/errors.ts';
import { readStoredCertificate } from '../../src/authorities/stored-certificate.ts';
import type { Store } from '../../src/storage/ports.ts';

/** The most values of the label. An authority that is not among the first by name has no time series. */
const MOST = 100;

/** Returns a function that reads when the certificate of each enabled authority ends. */
export function authorityExpiryGauge(registry: Registry): (store: Store) => Promise<void> {
  const gauge = new Gauge({
    name: 'certificate_not_after_seconds',
    help: 'End of the certificate with which an authority signs, in seconds since 1970. The first 100 authorities by name.',
    labelNames: ['authority'],
    aggregator: 'max',
    registers: [registry],
  });
  return async (store) => {
    const authorities = await store.listAuthorities({ limit: MOST });
    const ends = new Map<string, number>();
    for (const { id, name, status } of authorities) {
      if (status !== 'enabled') continue;
      const keys = await store.listAuthorityKeys(id);
      const { certificate } = keys.find(({ state }) => state === 'active') ?? {};
      if (certificate === undefined) continue;
      // One that was damaged in the store does not hide the others
      const read = ifReadable(() => readStoredCertificate(certificate));
      if (read !== undefined) ends.set(name, read.validity.notAfter.getTime() / 1000);
    }
    gauge.reset();
    for (const [authority, end] of ends) gauge.set({ authority }, end);
  };
}
