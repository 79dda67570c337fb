/** API keys. The service stores only the SHA-256 of a key: 256 random bits need no slower hash. */

import { hash, randomBytes } from 'node:crypto';
import { V1_SCOPES, type Scope } from './scopes.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the text of the key. */
  readonly digest: Uint8Array;
  readonly scopes: readonly Scope[];
  /** The last second in which the key is valid; undefined for a key that does not expire. */
  readonly notAfter: Date | undefined;
}

/** `mld_`, the id of the key, and 256 random bits in base64url. */
const FORM = /^mld_([a-z0-9]{1,32})_[A-Za-z0-9_-]{43}$/;

/** The id in the text of a key; undefined for a text in another format. */
export const idOf = (text: string): string | undefined => FORM.exec(text)?.[1];

export const digestOf = (text: string): Uint8Array => hash('sha256', text, 'buffer');

/** Generates a key. The caller of the API sends `text`, which cannot be computed from `key`. */
export function generateApiKey(given: Pick<ApiKey, 'name' | 'scopes' | 'notAfter'>): {
  readonly key: ApiKey;
  readonly text: string;
} {
  const id = randomBytes(4).toString('hex');
  const text = `mld_${id}_${randomBytes(32).toString('base64url')}`;
  return { text, key: { ...given, id, digest: digestOf(text) } };
}

/** The key of API_KEYS with this digest in hexadecimal. It has all scopes of the v1 contract and does not expire. */
export const configuredKey = (digest: string): ApiKey => ({
  id: `env-${digest.slice(0, 8)}`,
  name: 'API_KEYS',
  digest: Buffer.from(digest, 'hex'),
  scopes: V1_SCOPES,
  notAfter: undefined,
});
