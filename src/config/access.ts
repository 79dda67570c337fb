/** Checks of the variables for authentication. */

import { digestOf } from '../access/api-key.ts';
import { ConfigError } from './error.ts';
import type { Config } from './schema.ts';

/** Whether callers must send an API key or an access token. */
const requiresCredentials = ({ API_KEYS, API_KEYS_FILE, JWKS_URL }: Config): boolean =>
  API_KEYS.length > 0 || API_KEYS_FILE !== undefined || JWKS_URL !== undefined;

/** Whether callers must authenticate. */
export const isGuarded = (config: Config): boolean =>
  requiresCredentials(config) || config.TLS_CLIENT_CA_FILE !== undefined;

/** Whether a client certificate is enough to authenticate. Otherwise callers need an API key or a token as well. */
export const certificateSuffices = (config: Config): boolean =>
  !requiresCredentials(config) && config.TLS_CLIENT_CA_FILE !== undefined;

/** Throws ConfigError for credentials that are unsafe, and for production without authentication. */
export function rejectUnsafeAccess(config: Config): void {
  rejectBadKeys(config);
  rejectBadIssuer(config);
  const { NODE_ENV, ALLOW_ANONYMOUS } = config;
  if (isGuarded(config)) {
    if (!ALLOW_ANONYMOUS) return;
    throw new ConfigError(
      'ALLOW_ANONYMOUS',
      'must not be true when keys, tokens or client certificates are configured',
    );
  }
  if (NODE_ENV !== 'production' || ALLOW_ANONYMOUS) return;
  throw new ConfigError(
    'API_KEYS',
    'must be set in production, or one of API_KEYS_FILE, JWT_ISSUER and TLS_CLIENT_CA_FILE; ALLOW_ANONYMOUS=true turns authentication off',
  );
}

/** Shorter keys can be guessed. The limit also rejects `key1,key2,key3`, the example in the guide of the older service. */
const SHORTEST_KEY = 32;

function rejectBadKeys({ NODE_ENV, API_KEYS }: Config): void {
  // The characters of a header field whose encoding is never ambiguous (RFC 9110 §5.5).
  if (!API_KEYS.every((key) => /^[\x21-\x7e]+$/.test(key))) {
    throw new ConfigError('API_KEYS', 'must be keys of visible ASCII characters, separated by commas');
  }
  if (NODE_ENV === 'production' && API_KEYS.some((key) => key.length < SHORTEST_KEY)) {
    throw new ConfigError('API_KEYS', `must be keys of at least ${SHORTEST_KEY} characters in production`);
  }
}

const ISSUER = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWKS_URL'] as const;

function rejectBadIssuer(config: Config): void {
  const missing = ISSUER.find((name) => config[name] === undefined);
  if (missing !== undefined && ISSUER.some((name) => config[name] !== undefined)) {
    throw new ConfigError(missing, `must be set too: ${ISSUER.join(', ')} need each other`);
  }
  const { JWKS_URL, NODE_ENV } = config;
  if (JWKS_URL === undefined || isKeySetUrl(JWKS_URL, NODE_ENV !== 'production')) return;
  throw new ConfigError(
    'JWKS_URL',
    'must be an https URL without user and fragment; http is accepted for this machine only, and not in production',
  );
}

function isKeySetUrl(text: string, mayBeLocal: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (mayBeLocal && protocol === 'http:' && LOOPBACK.test(hostname));
}

/** Hosts as the URL standard serializes them: an IPv4 address always has four decimal numbers. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Replaces each API key with its SHA-256 in hexadecimal, so that no key stays in memory. */
export const withHashedKeys = (config: Config): Config => ({
  ...config,
  API_KEYS: config.API_KEYS.map((key) => Buffer.from(digestOf(key)).toString('hex')),
});
