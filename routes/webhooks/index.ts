/** The webhooks that could not be delivered. A service without a store refuses every request here. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { Webhook } from '../../src/storage/ports.ts';
import { listDeadLetters, retryDeadLetter } from '../../src/webhooks/dead-letters.ts';
import { components, listDeadWebhooks, retryDeadWebhook } from './schema.ts';

const OPERATING = Object.freeze({ scope: 'admin' } as const);

export const webhooks: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.get('/dead-letters', { schema: listDeadWebhooks, config: OPERATING }, async ({ query }) => {
    const { limit = 50, after } = query;
    const { letters, hasNext } = await listDeadLetters(app.checkpointPorts().store, { limit, after });
    const next = hasNext ? (letters.at(-1)?.id ?? null) : null;
    return { dead_letters: letters.map(presentLetter), next };
  });

  app.post(
    '/dead-letters/:id/retry',
    { schema: retryDeadWebhook, config: OPERATING },
    async ({ params: { id }, caller: { principal } }) => {
      const { store, clock } = app.checkpointPorts();
      await retryDeadLetter(store, { id, principal, now: clock() });
      return { id, status: 'pending' } as const;
    },
  );

  done();
};

const presentLetter = (webhook: Webhook) => ({
  id: webhook.id,
  webhook_id: webhook.eventId,
  type: webhook.type,
  receiver: webhook.destination,
  created_at: webhook.createdAt.toISOString(),
  attempts: webhook.attempts,
  fault: webhook.fault ?? '',
  body: webhook.body,
});
