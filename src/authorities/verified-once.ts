import { hash } from 'node:crypto';
import type { Keys } from '../keys/key.ts';

/**
 * Returns keys that verify each signature once. For the certificates of an authority, which are read once and do not
 * change: they are checked for each certificate that is issued.
 */
export function verifyingOnce(keys: Keys): Keys {
  const known = new WeakMap<Uint8Array, Map<string, Promise<boolean>>>();
  return {
    ...keys,
    verify(key, signatureAlgorithm, message, signature, reading) {
      const verified = known.get(message) ?? new Map<string, Promise<boolean>>();
      known.set(message, verified);
      const name = hash('sha256', key.spki);
      const verifying =
        verified.get(name) ?? keys.verify(key, signatureAlgorithm, message, signature, reading);
      verified.set(name, verifying);
      return verifying;
    },
  };
}
