import { randomUUID } from 'node:crypto';
import type { NewWebhook, Store } from '../../../src/storage/ports.ts';
import { certificateOf, createAuthority, event, issue, NOW, reservationOf } from '../samples.ts';
import type { Testing } from './testing.ts';

const DESTINATION = 'https://one.example#1';

const webhookOf = (members: Partial<NewWebhook> = {}): NewWebhook => ({
  id: randomUUID(),
  eventId: randomUUID(),
  destination: DESTINATION,
  type: 'certificate.issued',
  body: '{"a":"é"}',
  createdAt: NOW,
  ...members,
});

const after = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

const claim = (store: Store, seconds: number, limit = 10) =>
  store.claimWebhooks({ destination: DESTINATION, now: after(seconds), until: after(seconds + 60), limit });

async function queue(store: Store, messages: readonly NewWebhook[]): Promise<void> {
  await store.queueWebhooks({ messages, mark: { name: randomUUID(), to: 'x' } });
}

export function testWebhooks(test: Testing): void {
  test('what nobody will get is deleted, and what waits for a receiver is not', async (t, store) => {
    const gone = 'https://gone.example#2';
    const [dead, waiting, removed] = [webhookOf(), webhookOf(), webhookOf({ destination: gone })];
    await queue(store, [dead]);
    await claim(store, 0);
    await store.settleWebhook({ id: dead.id, outcome: 'dead', attempts: 1, fault: 'status 410' });
    await queue(store, [waiting, removed]);
    const forget = (seconds: number, limit = 9, destinations = [DESTINATION]) =>
      store.forgetWebhooks({ before: after(seconds), destinations, limit });
    t.equal(await forget(0), 0);
    t.equal(await forget(1), 1, 'the receiver was removed');
    t.match(await store.webhookCounts(), { pending: 1, dead: 1 });
    t.equal(await forget(61), 1, 'after the last attempt');
    t.match(await store.webhookCounts(), { pending: 1, dead: 0 });
    await queue(store, [webhookOf(), webhookOf()]);
    t.equal(await forget(61, 2, []), 2, 'no receiver is left');
    t.equal(await forget(61, 2, [gone, 'https://three.example#3']), 1);
  });

  test('a webhook is stored with what it reports, or not at all', async (t, store) => {
    const key = await createAuthority(store);
    const reservation = reservationOf(key);
    const webhook = webhookOf();
    const completion = { certificate: certificateOf(reservation), audit: event(), webhooks: [webhook] };
    t.equal(await store.complete(completion), 'not-reserved');
    t.same(await store.webhookCounts(), { pending: 0, dead: 0 });
    await store.reserve(reservation);
    t.equal(await store.complete(completion), 'stored');
    t.equal(await store.complete(completion), 'stored', 'a retry of the same call');
    t.same(await claim(store, 0), [{ ...webhook, attempts: 1, nextAttemptAt: after(60) }]);
    const { id } = await issue(store, key);
    const order = { id, reason: 6, revokedAt: NOW, principal: 'key:one', audit: event() } as const;
    await store.revoke({ ...order, webhooks: [webhookOf()] });
    await store.revoke({ ...order, webhooks: [webhookOf()] });
    t.match(await store.webhookCounts(), { pending: 2 });
    await store.release({ id, at: NOW, audit: event(), webhooks: [webhookOf()] });
    t.match(await store.webhookCounts(), { pending: 3 });
  });

  test('a webhook belongs to one process until its lease ends', async (t, store) => {
    const messages = Array.from({ length: 20 }, () => webhookOf());
    await queue(store, [...messages, webhookOf({ destination: 'https://two.example#2' })]);
    t.equal(await store.hasDueWebhooks({ destination: DESTINATION, now: NOW }), true);
    const claims = await Promise.all([claim(store, 0, 9), claim(store, 0, 9), claim(store, 0, 9)]);
    const ids = claims.flat().map(({ id }) => id);
    t.equal(new Set(ids).size, ids.length, 'none of them twice');
    ids.push(...(await claim(store, 0)).map(({ id }) => id));
    t.same(new Set(ids), new Set(messages.map(({ id }) => id)));
    t.equal(await store.hasDueWebhooks({ destination: DESTINATION, now: after(59) }), false);
    t.same(await claim(store, 59), []);
    t.match(await claim(store, 60, 1), [{ attempts: 2 }], 'the process did not settle it');
  });

  test('a webhook is delivered, tried again, or dead', async (t, store) => {
    const [delivered, retried, dead] = [webhookOf(), webhookOf(), webhookOf()];
    await queue(store, [delivered, retried, dead]);
    await claim(store, 0);
    const fault = 'status 500';
    await store.settleWebhook({ id: delivered.id, outcome: 'delivered' });
    const retry = { id: retried.id, outcome: 'retry', attempts: 1, fault } as const;
    await store.settleWebhook({ ...retry, nextAttemptAt: after(5) });
    await store.settleWebhook({ id: dead.id, outcome: 'dead', attempts: 7, fault });
    t.same(await store.webhookCounts(), { pending: 2, dead: 0 }, 'another attempt has it');
    await store.settleWebhook({ id: dead.id, outcome: 'dead', attempts: 1, fault });
    t.same(await store.webhookCounts(), { pending: 1, dead: 1 });
    t.match(await claim(store, 5), [{ id: retried.id, attempts: 2, fault }]);
    t.match(await store.listDeadWebhooks({ limit: 5 }), [{ ...dead, attempts: 1, fault }]);
    t.same(await store.listDeadWebhooks({ limit: 5, after: dead.id }), []);
    t.equal(await store.retryWebhook({ id: retried.id, now: after(9), audit: event() }), false);
    t.equal(await store.retryWebhook({ id: dead.id, now: after(9), audit: event() }), true);
    t.match(await claim(store, 9), [{ id: dead.id, attempts: 1 }]);
  });

  test('events are queued once for each place of a mark', async (t, store) => {
    const move = (to: string, from?: string) =>
      store.queueWebhooks({
        messages: [webhookOf()],
        mark: { name: 'expiring', to, ...(from !== undefined && { from }) },
      });
    t.equal(await store.webhookMark('expiring'), undefined);
    t.strictSame((await Promise.all([move('a'), move('a')])).toSorted(), ['outdated', 'queued']);
    t.equal(await store.webhookMark('expiring'), 'a');
    t.strictSame((await Promise.all([move('b', 'a'), move('b', 'a')])).toSorted(), ['outdated', 'queued']);
    t.equal(await move('c', 'a'), 'outdated');
    t.same(await store.webhookCounts(), { pending: 2, dead: 0 });
  });
}
