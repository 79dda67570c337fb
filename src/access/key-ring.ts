/** Finds the principal of an API key, in a time that does not depend on the keys. */

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { systemClock, type Clock } from '../base/clock.ts';
import { digestOf, idOf, type ApiKey } from './api-key.ts';
import type { Principal } from './principal.ts';

export interface KeyRing {
  /** Undefined for a text that is not a key, and for an expired key. */
  find(text: string): Principal | undefined;
  /** Whether the text is that of a key that has expired. */
  hasExpired(text: string): boolean;
}

export interface KeyRingOptions {
  /** Keys of API_KEYS_FILE, found by their ids. */
  readonly filed?: readonly ApiKey[];
  /** Keys of API_KEYS, found by their digests. */
  readonly configured?: readonly ApiKey[];
  readonly clock?: Clock;
  readonly equal?: (a: Uint8Array, b: Uint8Array) => boolean;
}

/** A text with an unknown id is compared with this key, whose digest no known text has. */
const UNKNOWN_KEY: ApiKey = Object.freeze({
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
    // Every text takes the same number of comparisons, each of whole digests.
    const candidates = [byId.get(idOf(text) ?? '') ?? UNKNOWN_KEY, ...configured];
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
