/** Delivers webhooks, and looks for what expires soon. */

import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { isUnavailable } from '../src/storage/unavailable.ts';
import { allAuthorities } from '../src/revocation/affected.ts';
import { deliverDue, type DeliveryPorts } from '../src/webhooks/deliveries.ts';
import { queueExpiring, queueExpiringAuthorities } from '../src/webhooks/expiry.ts';
import { forgetOldWebhooks } from '../src/webhooks/retention.ts';
import { webhookSettings, type Receiver, type WebhookSettings } from '../src/webhooks/receivers.ts';
import type { AuthorityDomain } from '../src/authorities/compose.ts';

export const webhooks = fp(
  async (app) => {
    const settings = webhookSettings(app.config);
    const { authorityDomain: domain } = app;
    if (domain === undefined) return;
    const stopping = new AbortController();
    const sending =
      settings === undefined
        ? []
        : [...deliveriesOf(app, domain, settings, stopping.signal), expiryOf(app, domain, settings)];
    const work = [...sending, retentionOf(app, domain, settings?.receivers ?? [])];
    const loops: Promise<void>[] = [];
    app.addHook('onReady', async () => {
      for (const each of work) loops.push(repeat(app, each, stopping.signal));
    });
    app.addHook('onClose', async () => {
      stopping.abort();
      await Promise.all(loops);
    });
  },
  { name: 'webhooks', dependencies: ['authorities', 'config', 'metrics'] },
);

interface Work {
  readonly task: () => Promise<void>;
  /** Milliseconds between its end and its next start. */
  readonly pause: number;
  /** Whether it starts with the pause. */
  readonly isLate?: boolean;
}

/** How often the queue is read. A message waits for half of it on average. */
const DELIVERY_PAUSE = 1000;

const EXPIRY_PAUSE = 60_000;

const RETENTION_PAUSE = 600_000;

/** One loop a receiver, so that a slow one keeps no other waiting. */
function deliveriesOf(
  { config, metrics }: FastifyInstance,
  { store, context: { clock } }: AuthorityDomain,
  settings: WebhookSettings,
  signal: AbortSignal,
): Work[] {
  const ports: DeliveryPorts = {
    store,
    clock,
    settings,
    networks: config.WEBHOOK_ALLOWED_NETWORKS,
    onOutcome: (outcome) => metrics.webhooks.deliveries.inc({ outcome }),
  };
  return settings.receivers.map((receiver) => ({
    task: () => deliverDue(ports, receiver, signal),
    pause: DELIVERY_PAUSE,
  }));
}

function expiryOf(app: FastifyInstance, domain: AuthorityDomain, settings: WebhookSettings): Work {
  const { config, metrics } = app;
  const { store, context } = domain;
  const ports = {
    store,
    settings,
    certificateDays: config.WEBHOOK_EXPIRY_DAYS,
    authorityDays: config.WEBHOOK_AUTHORITY_EXPIRY_DAYS,
  };
  return {
    pause: EXPIRY_PAUSE,
    async task() {
      const now = context.clock();
      await queueExpiring(ports, now);
      await queueExpiringAuthorities(ports, await allAuthorities(store), now);
      metrics.webhooks.setQueue(await store.webhookCounts());
    },
  };
}

/** Also without a receiver: those that were removed may have left messages. */
const retentionOf = (
  { config, log }: FastifyInstance,
  { store, context: { clock } }: AuthorityDomain,
  receivers: readonly Receiver[],
): Work => ({
  pause: RETENTION_PAUSE,
  isLate: true,
  async task() {
    const retention = { store, receivers, days: config.WEBHOOK_RETENTION_DAYS };
    const count = await forgetOldWebhooks(retention, clock());
    if (count > 0)
      log.warn({ count }, 'webhooks were deleted that no receiver got in WEBHOOK_RETENTION_DAYS');
  },
});

async function repeat(
  app: FastifyInstance,
  { task, pause, isLate = false }: Work,
  signal: AbortSignal,
): Promise<void> {
  if (isLate) await sleep(pause, signal);
  while (!signal.aborted) {
    try {
      await task();
    } catch (error) {
      // The store works again later, and nothing is lost until then.
      if (!isUnavailable(error)) app.log.error({ err: error }, 'webhooks cannot be sent');
    }
    await sleep(pause, signal);
  }
}

/** Resolves early when the signal comes. It keeps no process alive. */
const sleep = (pause: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, pause).unref();
    signal.addEventListener('abort', end);
  });
