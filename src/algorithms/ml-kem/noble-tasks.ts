/** The tasks of the worker threads: ML-KEM in JavaScript (@noble/post-quantum), which expands and checks private keys. */

import { hash, timingSafeEqual } from 'node:crypto';
import { ml_kem1024, ml_kem512, ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import { PkiError } from '../../base/errors.ts';
import { hasReducedCoefficients } from './encapsulation-key-check.ts';
import { ML_KEM, mlKemStandardName, type MlKemParameterSetName } from './parameter-sets.ts';

const noble = Object.freeze({ 'ml-kem-512': ml_kem512, 'ml-kem-768': ml_kem768, 'ml-kem-1024': ml_kem1024 });

interface SeedInput {
  readonly kem: MlKemParameterSetName;
  readonly seed: Uint8Array;
}

interface ExpandedKeyInput {
  readonly kem: MlKemParameterSetName;
  readonly expandedKey: Uint8Array;
}

export const MLKEM_TASKS = Object.freeze({
  /** FIPS 203 algorithm 16, ML-KEM.KeyGen_internal. */
  expandKem({ kem, seed }: SeedInput) {
    const { publicKey, secretKey } = noble[kem].keygen(seed);
    return { publicKey, expandedKey: secretKey };
  },

  /** Returns ek of dk. Throws PkiError invalid-private-key that names the part which does not fit the others. */
  checkKem({ kem, expandedKey }: ExpandedKeyInput) {
    const { k } = ML_KEM[kem];
    const start = 384 * k;
    const publicKey = expandedKey.slice(start, 768 * k + 32);
    const digest = expandedKey.subarray(768 * k + 32, 768 * k + 64);
    // FIPS 203 §7.3
    if (!timingSafeEqual(hash('sha3-256', publicKey, 'buffer'), digest))
      throw inconsistent(kem, 'H(ek) is not the hash of the encapsulation key (FIPS 203 §7.3)');
    if (!hasReducedCoefficients(publicKey))
      throw inconsistent(kem, 'the encapsulation key has a coefficient that is not below q (FIPS 203 §7.2)');
    requireSameSecret(kem, publicKey, expandedKey);
    return { publicKey };
  },
});

/** FIPS 203 §7.1, the pairwise consistency test. */
function requireSameSecret(kem: MlKemParameterSetName, publicKey: Uint8Array, expandedKey: Uint8Array): void {
  const { cipherText, sharedSecret } = noble[kem].encapsulate(publicKey);
  if (!timingSafeEqual(noble[kem].decapsulate(cipherText, expandedKey), sharedSecret))
    throw inconsistent(kem, 's does not belong to the encapsulation key');
}

const inconsistent = (kem: MlKemParameterSetName, fault: string): PkiError =>
  new PkiError(
    'invalid-private-key',
    `The expanded ${mlKemStandardName(kem)} private key is inconsistent: ${fault}`,
  );
