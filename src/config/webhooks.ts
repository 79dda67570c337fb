/** The receivers of webhooks. */

import ipaddr from 'ipaddr.js';
import { acceptedValue } from './accepted-value.ts';
import { ConfigError } from './error.ts';
import type { Config } from './schema.ts';

type Settings = Pick<
  Config,
  'WEBHOOK_URLS' | 'WEBHOOK_SECRET' | 'WEBHOOK_ALLOWED_NETWORKS' | 'DATA_DIR' | 'DATABASE_URL'
>;

/** Throws ConfigError. */
export function rejectInvalidWebhooks(config: Settings): void {
  const { WEBHOOK_URLS, WEBHOOK_SECRET, WEBHOOK_ALLOWED_NETWORKS, DATA_DIR, DATABASE_URL } = config;
  if (!WEBHOOK_URLS.every(isWebhookUrl)) throw mustBe('WEBHOOK_URLS');
  if (!WEBHOOK_ALLOWED_NETWORKS.every((text) => ipaddr.isValidCIDR(text)))
    throw mustBe('WEBHOOK_ALLOWED_NETWORKS');
  if (WEBHOOK_URLS.length === 0) return;
  if (WEBHOOK_SECRET.length === 0) throw new ConfigError('WEBHOOK_URLS', 'needs WEBHOOK_SECRET');
  if ((DATA_DIR ?? DATABASE_URL) === undefined)
    throw new ConfigError('WEBHOOK_URLS', 'needs DATA_DIR or DATABASE_URL, where messages wait');
  if (WEBHOOK_ALLOWED_NETWORKS.length === 0 && WEBHOOK_URLS.some((url) => url.startsWith('http:')))
    throw new ConfigError('WEBHOOK_URLS', 'must begin with https:// unless WEBHOOK_ALLOWED_NETWORKS is set');
}

const mustBe = (name: 'WEBHOOK_URLS' | 'WEBHOOK_ALLOWED_NETWORKS'): ConfigError =>
  new ConfigError(name, `must be ${acceptedValue(name)}`);

function isWebhookUrl(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { username, password, hash } = new URL(text);
  return username + password + hash === '';
}
