/** The queue with a real store and a real receiver: at least once, tried again, dead at last, and each expiry once. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { sqliteStore } from '../../src/storage/sqlite/sqlite-store.ts';
import { postgresStore } from '../../src/storage/postgres/postgres-store.ts';
import type { Store } from '../../src/storage/ports.ts';
import { deliverDue, type DeliveryOutcome, type DeliveryPorts } from '../../src/webhooks/deliveries.ts';
import { queueExpiring } from '../../src/webhooks/expiry.ts';
import { announcing } from '../../src/webhooks/messages.ts';
import { webhookSettings, type WebhookSettings } from '../../src/webhooks/receivers.ts';
import { MAX_ATTEMPTS } from '../../src/webhooks/retry.ts';
import {
  certificateOf,
  createAuthority,
  daysFrom,
  event,
  issue,
  NOW,
  reservationOf,
} from '../storage/samples.ts';
import { postgresMissing, startPostgres } from '../support/postgres.ts';
import { isAuthentic, startReceiver, WEBHOOK_SECRET, type TestReceiver } from '../support/receiver.ts';

const EVENTS = ['certificate.issued', 'certificate.revoked', 'certificate.expiring'];

function settingsFor(...receivers: readonly TestReceiver[]): WebhookSettings {
  const settings = webhookSettings({
    WEBHOOK_URLS: receivers.map(({ url }) => url),
    WEBHOOK_SECRET: [WEBHOOK_SECRET],
    WEBHOOK_EVENTS: EVENTS,
  });
  if (settings === undefined) throw new Error('There is no receiver');
  return settings;
}

/** Issues a certificate, with its messages in the same transaction. Returns its id. */
async function issueAnnounced(store: Store, settings: WebhookSettings): Promise<string> {
  const reservation = reservationOf(await createAuthority(store));
  await store.reserve(reservation);
  const certificate = certificateOf(reservation);
  const webhooks = announcing(settings)({ type: 'certificate.issued', at: NOW, certificate });
  await store.complete({ certificate, audit: event(), webhooks });
  return certificate.id;
}

interface Delivering extends DeliveryPorts {
  now: Date;
  readonly outcomes: DeliveryOutcome[];
  deliver(change?: Partial<DeliveryPorts>): Promise<void>;
}

function delivering(store: Store, settings: WebhookSettings): Delivering {
  const outcomes: DeliveryOutcome[] = [];
  const ports: Delivering = {
    store,
    settings,
    now: new Date(),
    clock: () => ports.now,
    networks: ['127.0.0.0/8'],
    outcomes,
    onOutcome: (outcome) => void outcomes.push(outcome),
    async deliver(change = {}) {
      for (const receiver of settings.receivers)
        await deliverDue({ ...ports, ...change }, receiver, new AbortController().signal);
    },
  };
  return ports;
}

function testDeliveries(t: Test, open: (t: Test) => Promise<Store>): void {
  t.test('each receiver gets a signed message', async (t) => {
    const store = await open(t);
    const receivers = [await startReceiver(t), await startReceiver(t)];
    const settings = settingsFor(...receivers);
    const id = await issueAnnounced(store, settings);
    const ports = delivering(store, settings);
    await ports.deliver();
    for (const { received } of receivers) {
      t.equal(received.length, 1);
      t.ok(received.every((message) => isAuthentic(message)));
      t.notOk(received.some((message) => isAuthentic({ ...message, body: `${message.body} ` })));
      t.match(JSON.parse(received[0]?.body ?? ''), {
        type: 'certificate.issued',
        data: { certificate_id: id },
      });
      t.equal(received[0]?.headers['webhook-id'], `issued-${id}`);
    }
    t.same(await store.webhookCounts(), { pending: 0, dead: 0 });
    t.same(ports.outcomes, ['delivered', 'delivered']);
  });

  t.test('a message is sent again if its process dies before the store knows of the delivery', async (t) => {
    const store = await open(t);
    const receiver = await startReceiver(t);
    const settings = settingsFor(receiver);
    await issueAnnounced(store, settings);
    const ports = delivering(store, settings);
    const dying: DeliveryPorts['store'] = {
      ...store,
      settleWebhook: () => Promise.reject(new Error('killed')),
    };
    await t.rejects(ports.deliver({ store: dying }), /killed/);
    t.equal(receiver.received.length, 1);
    await ports.deliver();
    t.equal(receiver.received.length, 1, 'it still belongs to the first process');
    ports.now = new Date(ports.now.getTime() + 60_000);
    await ports.deliver();
    const [first, second] = receiver.received.map(({ headers }) => headers['webhook-id']);
    t.equal(receiver.received.length, 2);
    t.equal(first, second, 'the receiver can see that it has the message');
    t.same(await store.webhookCounts(), { pending: 0, dead: 0 });
  });

  t.test('a message is tried again with pauses, and is dead at last', async (t) => {
    const store = await open(t);
    const receiver = await startReceiver(t);
    receiver.status = 500;
    const settings = settingsFor(receiver);
    await issueAnnounced(store, settings);
    const ports = delivering(store, settings);
    for (let attempt = 1; attempt <= MAX_ATTEMPTS + 1; attempt += 1) {
      await ports.deliver();
      ports.now = new Date(ports.now.getTime() + 21_600_000);
    }
    t.equal(receiver.received.length, MAX_ATTEMPTS);
    t.equal(ports.outcomes.at(-1), 'dead');
    const [dead] = await store.listDeadWebhooks({ limit: 5 });
    t.match(dead, { attempts: MAX_ATTEMPTS, fault: 'status 500', type: 'certificate.issued' });
    t.notMatch(JSON.stringify(dead), /hook"|\/hook/, 'the path of a receiver can be a secret');
    receiver.status = 200;
    await store.retryWebhook({ id: dead?.id ?? '', now: ports.now, audit: event() });
    await ports.deliver();
    t.same(await store.webhookCounts(), { pending: 0, dead: 0 });
  });

  t.test('the end of the service interrupts an attempt, and the message is due at once', async (t) => {
    const store = await open(t);
    const stopping = new AbortController();
    const receiver = await startReceiver(t, () => stopping.abort());
    const settings = settingsFor(receiver);
    await issueAnnounced(store, settings);
    const ports = delivering(store, settings);
    const [destination] = settings.receivers;
    if (destination === undefined) throw new Error('There is no receiver');
    for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt += 1) {
      const due = { destination: destination.name, now: ports.now, until: ports.now, limit: 1 };
      t.equal((await store.claimWebhooks(due)).length, 1);
    }
    await deliverDue(ports, destination, stopping.signal);
    t.same(ports.outcomes, ['failed']);
    t.same(await store.webhookCounts(), { pending: 1, dead: 0 }, 'it was the last attempt');
    t.ok(await store.hasDueWebhooks({ destination: destination.name, now: ports.now }));
  });

  t.test('a certificate is reported once before it expires', async (t) => {
    const store = await open(t);
    const settings = settingsFor(await startReceiver(t));
    const key = await createAuthority(store);
    const certificateDays = 30;
    const ports = { store, settings, certificateDays, authorityDays: 90 };
    const old = await issue(store, key, { notAfter: daysFrom(NOW, 10) });
    await queueExpiring(ports, NOW);
    t.same(await store.webhookCounts(), { pending: 0, dead: 0 }, `${old.id} is in the list already`);
    const ends = Array.from({ length: 250 }, (_, index) => daysFrom(NOW, 31 + index / 1000));
    const issued = await Promise.all(ends.map((notAfter) => issue(store, key, { notAfter })));
    await issue(store, key, { notAfter: daysFrom(NOW, 60) });
    await Promise.all([1, 2, 3].map(() => queueExpiring(ports, daysFrom(NOW, 2))));
    t.same(await store.webhookCounts(), { pending: issued.length, dead: 0 });
    await queueExpiring(ports, daysFrom(NOW, 1));
    await queueExpiring(ports, daysFrom(NOW, 2));
    t.same(await store.webhookCounts(), { pending: issued.length, dead: 0 });
    await queueExpiring(ports, daysFrom(NOW, 31));
    t.same(await store.webhookCounts(), { pending: issued.length + 1, dead: 0 });
  });
}

const PATIENCE = 60_000;

t.test('SQLite', async (t) => {
  testDeliveries(t, async (t) => {
    const path = join(t.testdir(), 'authority.db');
    const { store, preparation } = sqliteStore({ path, timeout: PATIENCE });
    t.teardown(() => store.close());
    await preparation.attempt();
    return store;
  });
});

t.test('PostgreSQL', { skip: postgresMissing }, async (t) => {
  const server = await startPostgres(t);
  testDeliveries(t, async (t) => {
    const url = server.createDatabase(`webhooks_${randomUUID().slice(0, 8)}`);
    const { store, preparation } = postgresStore({ url, timeout: PATIENCE });
    t.teardown(() => store.close());
    await preparation.attempt();
    return store;
  });
});
