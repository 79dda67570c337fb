/**
 * The registry of key algorithms: one record for each name of the API. What the service does with the keys of a family is in
 * `src/keys/registry.ts`, because it needs the formats.
 */

import { CLASSICAL } from './classical.ts';
import { ML_DSA } from './ml-dsa/parameter-sets.ts';
import { ML_KEM } from './ml-kem/parameter-sets.ts';
import { SLH_DSA } from './slh-dsa/parameter-sets.ts';

/** Keys that sign. */
export const KEY_ALGORITHMS = Object.freeze({ ...ML_DSA, ...CLASSICAL, ...SLH_DSA });

/** Name of a kind of key pair that can be generated, and signs. */
export type KeyAlgorithmName = keyof typeof KEY_ALGORITHMS;

/** Keys that can be certified: those that sign, and those that establish a shared secret. */
export const CERTIFIABLE_ALGORITHMS = Object.freeze({ ...KEY_ALGORITHMS, ...ML_KEM });

/** Name of a kind of key pair that can be generated. */
export type CertifiableAlgorithmName = keyof typeof CERTIFIABLE_ALGORITHMS;

export type SigningFamilyName = (typeof KEY_ALGORITHMS)[KeyAlgorithmName]['family'];

export type KeyFamily = (typeof CERTIFIABLE_ALGORITHMS)[CertifiableAlgorithmName]['family'];

export const KEY_FAMILIES: readonly KeyFamily[] = Object.freeze([
  ...new Set(Object.values(CERTIFIABLE_ALGORITHMS).map(({ family }) => family)),
]);

/** Whether the key can sign, so that it can be that of a CA, and prove its possession in a CSR. */
export const isSigningAlgorithm = (name: CertifiableAlgorithmName): name is KeyAlgorithmName =>
  Object.hasOwn(KEY_ALGORITHMS, name);
