import type { KeyFamily } from '../../src/keys/key.ts';

export const KEY_FAMILIES: readonly KeyFamily[] = Object.freeze(['ml-dsa', 'rsa', 'ecdsa', 'ed25519']);

/** Returns the family of an algorithm name, such as `rsa` for `rsa-3072`. */
export const keyFamily = (algorithm: string): KeyFamily | 'unknown' =>
  KEY_FAMILIES.find((family) => algorithm.startsWith(family)) ?? 'unknown';
