/** Dead letters, for Fastify and for the OpenAPI document. */

import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { instant, nullable, STRICT } from '../wire/fields.ts';

const deadLetter = Type.Object(
  {
    id: Type.String({ description: 'Id of the message to this receiver.' }),
    webhook_id: Type.String({ description: 'The header field `webhook-id`: the same for every receiver.' }),
    type: Type.String({ description: 'Such as `certificate.revoked`.' }),
    receiver: Type.String({
      description: 'Origin of the URL, and a digest of the URL, which may contain a secret.',
    }),
    created_at: instant('When it was queued, with milliseconds.'),
    attempts: Type.Integer({ description: 'How often it was sent.' }),
    fault: Type.String({ description: 'Why the last attempt failed.' }),
    body: Type.String({ description: 'The body, as it was sent.' }),
  },
  STRICT,
);

export const DeadLetterList = component(
  'DeadLetterList',
  Type.Object(
    {
      dead_letters: Type.Array(deadLetter),
      next: nullable(Type.String({ description: '`after` for the next page; null on the last one.' })),
    },
    {
      ...STRICT,
      description: 'A page of webhooks that are not tried any more.',
      examples: [
        {
          dead_letters: [
            {
              id: '0c7e6a405862e402eb76a70f8a26fc73',
              webhook_id: 'issued-3f0c2a54-8a1c-4c93-9b61-0d6a5a1f7c10',
              type: 'certificate.issued',
              receiver: 'https://hooks.example.com#1a2b3c4d',
              created_at: '2027-01-01T12:00:00.250Z',
              attempts: 16,
              fault: 'status 500',
              body: '{"type":"certificate.issued","timestamp":"2027-01-01T12:00:00.250Z","data":{}}',
            },
          ],
          next: null,
        },
      ],
    },
  ),
);

export const QueuedWebhook = component(
  'QueuedWebhook',
  Type.Object(
    {
      id: Type.String({ description: 'Id of the message to this receiver.' }),
      status: Type.Enum(['pending'], { type: 'string', description: 'It is sent again.' }),
    },
    {
      ...STRICT,
      description: 'A webhook that is sent again.',
      examples: [{ id: '0c7e6a405862e402eb76a70f8a26fc73', status: 'pending' }],
    },
  ),
);

export const components = [DeadLetterList.schema, QueuedWebhook.schema];

const tags = ['webhooks'];

export const listDeadWebhooks = {
  operationId: 'listDeadWebhooks',
  tags,
  summary: 'List the webhooks that could not be delivered',
  description: 'By id. A message is here after 16 attempts in about a day, or when the receiver replied 410.',
  querystring: Type.Object(
    {
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 100, default: 50, description: 'The most members of a page.' }),
      ),
      after: Type.Optional(Type.String({ maxLength: 64, description: '`next` of the page before.' })),
    },
    STRICT,
  ),
  response: { 200: DeadLetterList.ref },
};

export const retryDeadWebhook = {
  operationId: 'retryDeadWebhook',
  tags,
  summary: 'Send a webhook again that could not be delivered',
  description: 'It gets all attempts again, with the same `webhook-id`.',
  params: Type.Object({
    id: Type.String({ minLength: 1, maxLength: 64, description: 'Id of the dead letter.' }),
  }),
  response: { 200: QueuedWebhook.ref },
};
