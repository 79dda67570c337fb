/**
 * Keys of ML-KEM (FIPS 203). node:crypto makes them, and @noble/post-quantum in worker threads expands and checks those that
 * are given. The service encapsulates and decapsulates nothing but its self-test.
 */

import { generateKeyPair } from 'node:crypto';
import { PkiError } from '../../base/errors.ts';
import { generatedKeys } from '../async-crypto.ts';
import type { NoblePool } from '../ml-dsa/noble-pool.ts';
import { mlKemStandardName, ML_KEM_PARAMETER_SETS, type MlKemParameterSetName } from './parameter-sets.ts';
import { mlKemSelfTest } from './self-test.ts';

/** The caller zeroes seeds and expanded keys. */
export interface MlKem {
  /** Throws PkiError engine-unavailable when the parameter set has failed its self-test. */
  generate(
    parameterSet: MlKemParameterSetName,
  ): Promise<{ readonly seed: Uint8Array; readonly publicKey: Uint8Array }>;
  /** Returns ek and dk of d ‖ z (FIPS 203 algorithm 16). */
  expand(
    parameterSet: MlKemParameterSetName,
    seed: Uint8Array,
  ): Promise<{ readonly publicKey: Uint8Array; readonly expandedKey: Uint8Array }>;
  /** Returns ek of dk. Throws PkiError invalid-private-key that names the part which does not fit the others. */
  publicKeyOf(parameterSet: MlKemParameterSetName, expandedKey: Uint8Array): Promise<Uint8Array>;
}

export interface TestedMlKem {
  readonly mlKem: MlKem;
  /** Of the self-test. */
  readonly faults: readonly PkiError[];
}

/** The caller closes the pool. The self-test takes about a millisecond, so all parameter sets are tested at once. */
export function createMlKem(pool: NoblePool, test = mlKemSelfTest): TestedMlKem {
  const faults = new Map(
    ML_KEM_PARAMETER_SETS.flatMap((parameterSet) => {
      const fault = faultOf(parameterSet, test);
      return fault === undefined ? [] : [[parameterSet, fault] as const];
    }),
  );
  const mlKem: MlKem = {
    async generate(parameterSet) {
      const fault = faults.get(parameterSet);
      if (fault !== undefined) throw fault;
      return generate(parameterSet);
    },
    expand: (kem, seed) => pool.run('expandKem', { kem, seed }),
    publicKeyOf: async (kem, expandedKey) => (await pool.run('checkKem', { kem, expandedKey })).publicKey,
  };
  return { mlKem, faults: [...faults.values()] };
}

function faultOf(parameterSet: MlKemParameterSetName, test: typeof mlKemSelfTest): PkiError | undefined {
  try {
    test(parameterSet);
    return undefined;
  } catch (error) {
    const step = error instanceof Error ? error.message : String(error);
    const name = mlKemStandardName(parameterSet);
    return new PkiError('engine-unavailable', `${name} fails its self-test: ${step}`);
  }
}

async function generate(parameterSet: MlKemParameterSetName) {
  const [publicKey, privateKey] = await generatedKeys((done) =>
    generateKeyPair(parameterSet, undefined, done),
  );
  return {
    seed: privateKey.export({ format: 'raw-seed' }),
    publicKey: publicKey.export({ format: 'raw-public' }),
  };
}
