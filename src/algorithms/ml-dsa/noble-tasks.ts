/** The tasks of the worker threads: ML-DSA and ML-KEM in JavaScript (@noble/post-quantum) and the check of expanded keys. */

import { randomBytes } from 'node:crypto';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { MLKEM_TASKS } from '../ml-kem/noble-tasks.ts';
import { publicKeyOf } from './expanded-key-check.ts';
import type { MlDsaParameterSetName } from './parameter-sets.ts';

interface SeedInput {
  readonly parameterSet: MlDsaParameterSetName;
  readonly seed: Uint8Array;
}

interface ExpandedKeyInput {
  readonly parameterSet: MlDsaParameterSetName;
  readonly expandedKey: Uint8Array;
}

interface SignInput extends ExpandedKeyInput {
  readonly message: Uint8Array;
  readonly context: Uint8Array;
}

interface VerifyInput {
  readonly parameterSet: MlDsaParameterSetName;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
  readonly context: Uint8Array;
}

const noble = Object.freeze({ 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 });

export type NobleTasks = typeof NOBLE_TASKS;

export const NOBLE_TASKS = Object.freeze({
  ...MLKEM_TASKS,

  /** FIPS 204 algorithm 6, ML-DSA.KeyGen_internal. */
  expand({ parameterSet, seed }: SeedInput) {
    const { publicKey, secretKey } = noble[parameterSet].keygen(seed);
    return { publicKey, expandedKey: secretKey };
  },

  derivePublicKey: ({ parameterSet, expandedKey }: ExpandedKeyInput) => ({
    publicKey: publicKeyOf(parameterSet, expandedKey),
  }),

  /** FIPS 204 algorithm 2, hedged. */
  sign({ parameterSet, expandedKey, message, context }: SignInput) {
    const rnd = randomBytes(32);
    try {
      return { signature: noble[parameterSet].sign(message, expandedKey, { context, extraEntropy: rnd }) };
    } finally {
      rnd.fill(0);
    }
  },

  /** FIPS 204 algorithm 3. */
  verify: ({ parameterSet, publicKey, message, signature, context }: VerifyInput) => ({
    valid: noble[parameterSet].verify(signature, message, publicKey, { context }),
  }),
});
