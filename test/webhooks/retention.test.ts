/** Messages that no receiver will get are deleted, however many there are. */

import { randomUUID } from 'node:crypto';
import t from 'tap';
import { forgetOldWebhooks } from '../../src/webhooks/retention.ts';
import { openAuthorities } from '../support/authorities.ts';
import { openDomain } from '../support/domain.ts';

const DAY = 86_400_000;

t.test('messages of a receiver that was removed are deleted after some days', async (t) => {
  const { store } = await openAuthorities(t, await openDomain(t));
  const createdAt = new Date();
  const messageFor = (destination: string) => ({
    id: randomUUID(),
    eventId: randomUUID(),
    destination,
    type: 'certificate.issued',
    body: '{}',
    createdAt,
  });
  const url = new URL('https://kept.example');
  const messages = [
    ...Array.from({ length: 1200 }, () => messageFor('removed')),
    ...Array.from({ length: 3 }, () => messageFor('kept')),
  ];
  await store.queueWebhooks({ messages, mark: { name: 'test', to: '1' } });
  const retention = { store, receivers: [{ url, name: 'kept' }], days: 30 };
  const after = (days: number) => forgetOldWebhooks(retention, new Date(createdAt.getTime() + days * DAY));
  t.equal(await after(30), 0);
  t.equal(await after(31), 1200);
  t.same(await store.webhookCounts(), { pending: 3, dead: 0 });
});
