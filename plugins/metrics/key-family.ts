import type { KeyFamily } from '../../src/keys/key.ts';

export const KEY_FAMILIES: readonly KeyFamily[] = Object.freeze(['ml-dsa', 'rsa', 'ecdsa', 'ed25519']);

/** Of the name of an algorithm, such as `rsa-3072`. */
export const keyFamily = (algorithm: string): KeyFamily | 'unknown' =>
  KEY_FAMILIES.find((family) => algorithm.startsWith(family)) ?? 'unknown';
