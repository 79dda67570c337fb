/**
 * The registry of key algorithms: one record for each name of the v1 contract. What the service does with the keys of a
 * family is in `src/keys/registry.ts`, because it needs the formats.
 */

import { CLASSICAL } from './classical.ts';
import { ML_DSA } from './ml-dsa/parameter-sets.ts';
import { SLH_DSA } from './slh-dsa/parameter-sets.ts';

export const KEY_ALGORITHMS = Object.freeze({ ...ML_DSA, ...CLASSICAL, ...SLH_DSA });

/** Name of a kind of key pair that can be generated. */
export type KeyAlgorithmName = keyof typeof KEY_ALGORITHMS;

export type KeyFamily = (typeof KEY_ALGORITHMS)[KeyAlgorithmName]['family'];

export const KEY_FAMILIES: readonly KeyFamily[] = Object.freeze([
  ...new Set(Object.values(KEY_ALGORITHMS).map(({ family }) => family)),
]);
