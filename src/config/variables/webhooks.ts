/** Messages about certificates for other programs. */

import { Type } from 'typebox';
import { WEBHOOK_EVENTS } from '../../webhooks/receivers.ts';

const days = (usual: number, description: string) =>
  Type.Integer({ minimum: 1, maximum: 3650, default: usual, description });

export const WEBHOOK_VARIABLES = {
  WEBHOOK_URLS: Type.Array(Type.String({ minLength: 1, maxLength: 2048 }), {
    maxItems: 20,
    default: [],
    writeOnly: true,
    description:
      'URLs of receivers of webhooks, separated by commas. http is accepted only for addresses of WEBHOOK_ALLOWED_NETWORKS. Needs WEBHOOK_SECRET, and DATA_DIR or DATABASE_URL. See docs/webhooks.md.',
  }),
  WEBHOOK_SECRET: Type.Array(Type.String({ pattern: '^whsec_[A-Za-z0-9+/]{32,86}={0,2}$' }), {
    maxItems: 2,
    default: [],
    writeOnly: true,
    description:
      'Secret that signs webhooks: `whsec_` and base64 of 24 to 64 random bytes. For a change, the new and the old one separated by a comma. `WEBHOOK_SECRET_FILE` may name a file with it.',
  }),
  WEBHOOK_EVENTS: Type.Array(Type.Enum([...WEBHOOK_EVENTS], { type: 'string' }), {
    minItems: 1,
    maxItems: WEBHOOK_EVENTS.length,
    default: WEBHOOK_EVENTS,
    description: 'Events that are sent, separated by commas.',
  }),
  WEBHOOK_ALLOWED_NETWORKS: Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
    maxItems: 20,
    default: [],
    examples: [['10.1.0.0/16']],
    description:
      'Networks of receivers that are not public, separated by commas. Without it, webhooks are sent to public addresses only.',
  }),
  WEBHOOK_EXPIRY_DAYS: days(30, 'Days before its end when a certificate is reported as expiring.'),
  WEBHOOK_RETENTION_DAYS: days(
    30,
    'Days after the last attempt when a dead letter is deleted, and a message to a URL that is not configured any more.',
  ),
  WEBHOOK_AUTHORITY_EXPIRY_DAYS: days(90, 'The same for the certificate of an authority.'),
};
