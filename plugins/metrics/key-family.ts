import { KEY_FAMILIES, type KeyFamily } from '../../src/algorithms/registry.ts';

/** Returns the family of an algorithm name, such as `rsa` for `rsa-3072`. */
export const keyFamily = (algorithm: string): KeyFamily | 'unknown' =>
  KEY_FAMILIES.find((family) => algorithm.startsWith(family)) ?? 'unknown';
