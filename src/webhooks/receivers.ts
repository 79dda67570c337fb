/** Who gets webhooks. Only the configuration names receivers. */

import { hash } from 'node:crypto';

export const WEBHOOK_EVENTS = Object.freeze([
  'certificate.issued',
  'certificate.revoked',
  'certificate.released',
  'certificate.expiring',
  'authority.expiring',
] as const);

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

export interface Receiver {
  readonly url: URL;
  /** Its name in the store and in replies: the origin, and a digest instead of the path, which may contain a secret. */
  readonly name: string;
}

export interface WebhookSettings {
  readonly receivers: readonly Receiver[];
  /** The first is the present one. Each signs every message, so that a receiver can change its own at any time. */
  readonly secrets: readonly Uint8Array[];
  /** Which of {@link WEBHOOK_EVENTS} are sent. */
  readonly events: ReadonlySet<string>;
}

/** Names of variables of the configuration. */
interface WebhookConfig {
  readonly WEBHOOK_URLS: readonly string[];
  readonly WEBHOOK_SECRET: readonly string[];
  readonly WEBHOOK_EVENTS: readonly string[];
}

/** Returns undefined without a receiver. */
export const webhookSettings = (config: WebhookConfig): WebhookSettings | undefined =>
  config.WEBHOOK_URLS.length === 0
    ? undefined
    : {
        receivers: config.WEBHOOK_URLS.map(receiverOf),
        secrets: config.WEBHOOK_SECRET.map(decodeSecret),
        events: new Set(config.WEBHOOK_EVENTS),
      };

function receiverOf(text: string): Receiver {
  const url = new URL(text);
  return { url, name: `${url.origin}#${hash('sha256', url.href).slice(0, 8)}` };
}

/** `whsec_` and base64, as the schema of the configuration requires. */
const decodeSecret = (text: string): Uint8Array =>
  new Uint8Array(Buffer.from(text.slice('whsec_'.length), 'base64'));
