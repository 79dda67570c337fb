/** What worker threads compute: ML-DSA in JavaScript (@noble/post-quantum) and the check of expanded keys. */

import { randomBytes } from 'node:crypto';
import { ml_dsa44, ml_dsa65, ml_dsa87 } from '@noble/post-quantum/ml-dsa.js';
import { publicKeyOf } from './expanded-key-check.ts';
import type { MlDsaParameterSetName } from './parameter-sets.ts';

interface TaskTypes {
  /** FIPS 204 algorithm 6, ML-DSA.KeyGen_internal. */
  expand: {
    input: { parameterSet: MlDsaParameterSetName; seed: Uint8Array };
    output: { publicKey: Uint8Array; expandedKey: Uint8Array };
  };
  derivePublicKey: {
    input: { parameterSet: MlDsaParameterSetName; expandedKey: Uint8Array };
    output: { publicKey: Uint8Array };
  };
  /** FIPS 204 algorithm 2, hedged. */
  sign: {
    input: {
      parameterSet: MlDsaParameterSetName;
      expandedKey: Uint8Array;
      message: Uint8Array;
      context: Uint8Array;
    };
    output: { signature: Uint8Array };
  };
  /** FIPS 204 algorithm 3. */
  verify: {
    input: {
      parameterSet: MlDsaParameterSetName;
      publicKey: Uint8Array;
      message: Uint8Array;
      signature: Uint8Array;
      context: Uint8Array;
    };
    output: { valid: boolean };
  };
}

export type TaskName = keyof TaskTypes;
export type TaskInput<Name extends TaskName> = TaskTypes[Name]['input'];
export type TaskOutput<Name extends TaskName> = TaskTypes[Name]['output'];

const ml_dsa = { 'ml-dsa-44': ml_dsa44, 'ml-dsa-65': ml_dsa65, 'ml-dsa-87': ml_dsa87 };

const tasks: { readonly [Name in TaskName]: (input: TaskInput<Name>) => TaskOutput<Name> } = {
  expand({ parameterSet, seed }) {
    const { publicKey, secretKey } = ml_dsa[parameterSet].keygen(seed);
    return { publicKey, expandedKey: secretKey };
  },

  derivePublicKey: ({ parameterSet, expandedKey }) => ({ publicKey: publicKeyOf(parameterSet, expandedKey) }),

  sign({ parameterSet, expandedKey, message, context }) {
    const rnd = randomBytes(32);
    try {
      return { signature: ml_dsa[parameterSet].sign(message, expandedKey, { context, extraEntropy: rnd }) };
    } finally {
      rnd.fill(0);
    }
  },

  verify: ({ parameterSet, publicKey, message, signature, context }) => ({
    valid: ml_dsa[parameterSet].verify(signature, message, publicKey, { context }),
  }),
};

export const perform = <Name extends TaskName>(name: Name, input: TaskInput<Name>): TaskOutput<Name> =>
  tasks[name](input);
