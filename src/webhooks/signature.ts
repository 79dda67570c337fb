/** Signs messages as Standard Webhooks does (https://www.standardwebhooks.com): HMAC-SHA-256 with a time. */

import { createHmac } from 'node:crypto';

interface Signed {
  /** The same for every attempt. */
  readonly id: string;
  readonly body: string;
  readonly now: Date;
}

/** The header fields of a message. A receiver recomputes one of the signatures, and refuses an old timestamp. */
export function signedHeaders({ id, body, now }: Signed, secrets: readonly Uint8Array[]) {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signatures = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
  );
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': signatures.join(' '),
  };
}
