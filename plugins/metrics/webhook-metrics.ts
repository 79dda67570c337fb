/** The time series of webhooks. */

import { Counter, Gauge, type Registry } from '@prometheus-io/client';
import type { WebhookCounts } from '../../src/storage/ports.ts';

export function createWebhookMetrics(registry: Registry) {
  const deliveries = new Counter({
    name: 'webhook_deliveries_total',
    help: 'Attempts to deliver webhooks: delivered, failed and to be tried again, or dead.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of ['delivered', 'failed', 'dead']) deliveries.inc({ outcome }, 0);
  const queue = new Gauge({
    name: 'webhook_queue',
    help: 'Webhooks in the store that no receiver has: pending, or dead.',
    labelNames: ['state'],
    aggregator: 'max',
    registers: [registry],
  });
  return {
    deliveries,
    setQueue({ pending, dead }: WebhookCounts): void {
      queue.set({ state: 'pending' }, pending);
      queue.set({ state: 'dead' }, dead);
    },
  };
}
