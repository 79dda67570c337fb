/** Who may call, as far as the configuration says: judged as a whole. */

import { digestOf } from '../access/api-key.ts';
import { ConfigError } from './error.ts';
import type { Config } from './schema.ts';

/** Whether callers must show a key or a token. */
const asksForCredentials = ({ API_KEYS, API_KEYS_FILE, JWKS_URL }: Config): boolean =>
  API_KEYS.length > 0 || API_KEYS_FILE !== undefined || JWKS_URL !== undefined;

/** Whether callers must show who they are. */
export const isGuarded = (config: Config): boolean =>
  asksForCredentials(config) || config.TLS_CLIENT_CA_FILE !== undefined;

/** Whether a client certificate alone says who they are. Where keys or tokens are asked for it goes beside them. */
export const certificateSuffices = (config: Config): boolean =>
  !asksForCredentials(config) && config.TLS_CLIENT_CA_FILE !== undefined;

/** Throws ConfigError. */
export function rejectUnsafeAccess(config: Config): void {
  refuseBadKeys(config);
  refuseBadIssuer(config);
  const { NODE_ENV, ALLOW_ANONYMOUS } = config;
  if (isGuarded(config)) {
    if (!ALLOW_ANONYMOUS) return;
    throw new ConfigError('ALLOW_ANONYMOUS', 'must not be true where callers must show who they are');
  }
  if (NODE_ENV !== 'production' || ALLOW_ANONYMOUS) return;
  throw new ConfigError(
    'API_KEYS',
    'or API_KEYS_FILE, JWT_ISSUER or TLS_CLIENT_CA_FILE must be set in production; ALLOW_ANONYMOUS=true serves everybody instead',
  );
}

/** Shorter keys can be guessed. It keeps out the examples of the older service's guide too (`key1,key2,key3`). */
const SHORTEST_KEY = 32;

function refuseBadKeys({ NODE_ENV, API_KEYS }: Config): void {
  // What a header field can carry without a doubt about its encoding (RFC 9110 §5.5).
  if (!API_KEYS.every((key) => /^[\x21-\x7e]+$/.test(key))) {
    throw new ConfigError('API_KEYS', 'must be keys of visible ASCII characters, separated by commas');
  }
  if (NODE_ENV === 'production' && API_KEYS.some((key) => key.length < SHORTEST_KEY)) {
    throw new ConfigError('API_KEYS', `must be keys of at least ${SHORTEST_KEY} characters in production`);
  }
}

const ISSUER = ['JWT_ISSUER', 'JWT_AUDIENCE', 'JWKS_URL'] as const;

function refuseBadIssuer(config: Config): void {
  const missing = ISSUER.find((name) => config[name] === undefined);
  if (missing !== undefined && ISSUER.some((name) => config[name] !== undefined)) {
    throw new ConfigError(missing, `must be set too: ${ISSUER.join(', ')} go together`);
  }
  const { JWKS_URL, NODE_ENV } = config;
  if (JWKS_URL === undefined || isKeySetUrl(JWKS_URL, NODE_ENV !== 'production')) return;
  throw new ConfigError(
    'JWKS_URL',
    'must be an https URL without user and fragment; http does for this machine alone, outside production',
  );
}

function isKeySetUrl(text: string, mayBeLocal: boolean): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '') return false;
  return protocol === 'https:' || (mayBeLocal && protocol === 'http:' && LOOPBACK.test(hostname));
}

/** As the URL standard writes hosts: numbers of IPv4 in four decimals. */
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Of the text of a key nothing is kept: its SHA-256, in hexadecimal, takes its place. */
export const withHashedKeys = (config: Config): Config => ({
  ...config,
  API_KEYS: config.API_KEYS.map((key) => Buffer.from(digestOf(key)).toString('hex')),
});
