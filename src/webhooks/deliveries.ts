/** Delivers what is queued: at least once, by several replicas, each receiver on its own. */

import type { Clock } from '../base/clock.ts';
import type { Store, Webhook } from '../storage/ports.ts';
import type { Receiver, WebhookSettings } from './receivers.ts';
import { MAX_ATTEMPTS, pauseAfter } from './retry.ts';
import { send, SEND_TIMEOUT, type SendFault } from './send.ts';
import { signedHeaders } from './signature.ts';

export type DeliveryOutcome = 'delivered' | 'failed' | 'dead';

export interface DeliveryPorts {
  readonly store: Pick<Store, 'claimWebhooks' | 'hasDueWebhooks' | 'settleWebhook'>;
  readonly clock: Clock;
  readonly settings: WebhookSettings;
  /** Networks that are allowed although they are not public. */
  readonly networks: readonly string[];
  readonly onOutcome: (outcome: DeliveryOutcome) => void;
}

/** Messages for one receiver that are on their way at the same time. */
const AT_ONCE = 8;

/** How long a message belongs to a process, in milliseconds: longer than an attempt and its end in the store take. */
const LEASE = SEND_TIMEOUT + 20_000;

/** Sends every message of the receiver that is due. Returns when none is. Rejects with PkiError store-unavailable. */
export async function deliverDue(
  ports: DeliveryPorts,
  receiver: Receiver,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = ports;
  const destination = receiver.name;
  while (!signal.aborted && (await store.hasDueWebhooks({ destination, now: clock() }))) {
    const now = clock();
    const until = new Date(now.getTime() + LEASE);
    const claimed = await store.claimWebhooks({ destination, now, until, limit: AT_ONCE });
    await Promise.all(claimed.map((webhook) => deliver(ports, receiver, webhook, signal)));
  }
}

async function deliver(
  ports: DeliveryPorts,
  { url }: Receiver,
  webhook: Webhook,
  signal: AbortSignal,
): Promise<void> {
  const { clock, networks, settings } = ports;
  const { eventId: id, body } = webhook;
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'mldsa-certificate-api',
    ...signedHeaders({ id, body, now: clock() }, settings.secrets),
  };
  const fault = await send({ url, headers, body, networks, signal });
  if (fault?.isFinal === false && signal.aborted) await interrupt(ports, webhook, fault);
  else await settle(ports, webhook, fault);
}

/** The process ends: another one, or the next, sends the message at once, and it is never given up for that. */
async function interrupt(
  { store, clock, onOutcome }: DeliveryPorts,
  { id, attempts }: Webhook,
  { fault }: SendFault,
): Promise<void> {
  await store.settleWebhook({ id, outcome: 'retry', attempts, nextAttemptAt: clock(), fault });
  onOutcome('failed');
}

async function settle(
  { store, clock, onOutcome }: DeliveryPorts,
  { id, attempts }: Webhook,
  failed: SendFault | undefined,
): Promise<void> {
  if (failed === undefined) {
    await store.settleWebhook({ id, outcome: 'delivered' });
    return onOutcome('delivered');
  }
  const { fault, isFinal } = failed;
  if (isFinal || attempts >= MAX_ATTEMPTS) {
    await store.settleWebhook({ id, outcome: 'dead', attempts, fault });
    return onOutcome('dead');
  }
  const nextAttemptAt = new Date(clock().getTime() + pauseAfter(attempts, Math.random()));
  await store.settleWebhook({ id, outcome: 'retry', attempts, nextAttemptAt, fault });
  return onOutcome('failed');
}
