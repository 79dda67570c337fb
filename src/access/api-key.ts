/** API keys. The service keeps no text of one, only its SHA-256: 256 random bits need no slower hash. */

import { hash, randomBytes } from 'node:crypto';
import { V1_SCOPES, type Scope } from './scopes.ts';

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the text of the key. */
  readonly digest: Uint8Array;
  readonly scopes: readonly Scope[];
  /** The last second in which it is good; undefined for a key without an end. */
  readonly notAfter: Date | undefined;
}

/** `mld_`, the id by which the key is found, and 256 random bits in base64url. */
const FORM = /^mld_([a-z0-9]{1,32})_[A-Za-z0-9_-]{43}$/;

/** The id in the text of a key; undefined for a text of another form. */
export const idOf = (text: string): string | undefined => FORM.exec(text)?.[1];

export const digestOf = (text: string): Uint8Array => hash('sha256', text, 'buffer');

/** A new key. `text` is what its holder sends; nobody can make it of the rest. */
export function generateApiKey(given: Pick<ApiKey, 'name' | 'scopes' | 'notAfter'>): {
  readonly key: ApiKey;
  readonly text: string;
} {
  const id = randomBytes(4).toString('hex');
  const text = `mld_${id}_${randomBytes(32).toString('base64url')}`;
  return { text, key: { ...given, id, digest: digestOf(text) } };
}

/** A key of the variable API_KEYS, by its digest in hexadecimal: it may do all that the v1 contract needs, without an end. */
export const configuredKey = (digest: string): ApiKey => ({
  id: `env-${digest.slice(0, 8)}`,
  name: 'API_KEYS',
  digest: Buffer.from(digest, 'hex'),
  scopes: V1_SCOPES,
  notAfter: undefined,
});
