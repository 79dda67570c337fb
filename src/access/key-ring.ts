/** From the text of an API key to whoever holds it, in a time that tells nothing of the keys. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { systemClock, type Clock } from '../base/clock.ts';
import { digestOf, idOf, type ApiKey } from './api-key.ts';
import type { Principal } from './principal.ts';

export interface KeyRing {
  /** Undefined for a text that is no key, or one that has expired. */
  find(text: string): Principal | undefined;
  /** Whether the text is that of a key that has expired. */
  hasExpired(text: string): boolean;
}

export interface KeyRingOptions {
  /** Found by their ids. */
  readonly filed?: readonly ApiKey[];
  /** Found by their digests alone. */
  readonly configured?: readonly ApiKey[];
  readonly clock?: Clock;
  readonly equal?: (a: Uint8Array, b: Uint8Array) => boolean;
}

/** What a text is compared with whose id is unknown: no text is known to have this digest. */
const NOBODY: ApiKey = Object.freeze({
  id: '',
  name: '',
  digest: randomBytes(32),
  scopes: [],
  notAfter: undefined,
});

export function createKeyRing({
  filed = [],
  configured = [],
  clock = systemClock,
  equal = timingSafeEqual,
}: KeyRingOptions): KeyRing {
  const byId = new Map(filed.map((key) => [key.id, key]));
  const principals = new Map([...filed, ...configured].map((key) => [key, principalOf(key)]));
  function keyOf(text: string): ApiKey | undefined {
    const digest = digestOf(text);
    // Every text costs the same comparisons, each of whole digests.
    const candidates = [byId.get(idOf(text) ?? '') ?? NOBODY, ...configured];
    return candidates.filter((candidate) => equal(candidate.digest, digest))[0];
  }
  return {
    find(text) {
      const key = keyOf(text);
      return key === undefined || !isLive(key, clock()) ? undefined : principals.get(key);
    },
    hasExpired(text) {
      const key = keyOf(text);
      return key !== undefined && !isLive(key, clock());
    },
  };
}

export const isLive = ({ notAfter }: ApiKey, now: Date): boolean => notAfter === undefined || now <= notAfter;

const principalOf = ({ id, name, scopes }: ApiKey): Principal =>
  Object.freeze({ id: `key:${id}`, name, scopes: new Set(scopes) });
