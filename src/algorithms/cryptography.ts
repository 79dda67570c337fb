/** The cryptography that the layers above use: an engine for ML-DSA, expanded keys, SLH-DSA and ML-KEM. */

import { PkiError } from '../base/errors.ts';
import type { Engine } from './ml-dsa/engine.ts';
import { chooseEngine, type EngineChoice } from './ml-dsa/engines.ts';
import { createExpandedKeys, type ExpandedKeys } from './ml-dsa/expanded-key.ts';
import { observeEngine, type EngineObserver, type EngineQueue } from './ml-dsa/observed-engine.ts';
import { createNoblePool, type NoblePool } from './ml-dsa/noble-pool.ts';
import { createMlKem, type MlKem } from './ml-kem/ml-kem.ts';
import type { SlhDsaParameterSetName } from './slh-dsa/parameter-sets.ts';
import { createSlhDsa, type SlhDsa } from './slh-dsa/slh-dsa.ts';

/** What is computed or waits. */
export interface WorkQueue extends EngineQueue {
  /** The signatures of SLH-DSA that callers asked for, as a part of what may wait; about 1 when no more is accepted. */
  readonly slowLoad: number;
}

export interface Cryptography {
  readonly engine: Engine;
  readonly queue: WorkQueue;
  /** Why preferred engines and algorithms are not used although they are installed. */
  readonly engineFaults: readonly PkiError[];
  readonly expandedKeys: ExpandedKeys;
  readonly slhDsa: SlhDsa;
  readonly mlKem: MlKem;
  close(): Promise<void>;
}

export interface CryptographyOptions {
  readonly engine: EngineChoice;
  /** Called after every call of the engine, but not during its self-test. */
  readonly observe?: EngineObserver;
}

/** Resolves after the engine has passed its self-test. Throws PkiError engine-unavailable. */
export async function createCryptography(options: CryptographyOptions): Promise<Cryptography> {
  const pool = createNoblePool();
  try {
    return await compose(options, pool);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

async function compose(
  { engine: choice, observe }: CryptographyOptions,
  pool: NoblePool,
): Promise<Cryptography> {
  const slhDsa = createSlhDsa();
  const kem = createMlKem(pool);
  const [{ engine, faults }, ...slhDsaFaults] = await Promise.all([
    chooseEngine(choice, pool),
    ...TESTED_AT_START.map((parameterSet) => faultOf(slhDsa, parameterSet)),
  ]);
  const observed = observeEngine(engine, observe);
  return {
    engineFaults: [...faults, ...slhDsaFaults.filter((fault) => fault !== undefined), ...kem.faults],
    engine: observed.engine,
    queue: {
      get depth() {
        return observed.queue.depth;
      },
      get slowLoad() {
        return slhDsa.load;
      },
    },
    expandedKeys: createExpandedKeys(pool),
    slhDsa,
    mlKem: kem.mlKem,
    async close() {
      await engine.close();
      await pool.close();
    },
  };
}

/** The fast parameter sets of both hash functions. The other tests take up to a second, so they run before the first use. */
const TESTED_AT_START: readonly SlhDsaParameterSetName[] = ['slh-dsa-sha2-128f', 'slh-dsa-shake-128f'];

/** A parameter set that fails is not used, and the service starts without it. */
const faultOf = (slhDsa: SlhDsa, parameterSet: SlhDsaParameterSetName): Promise<PkiError | undefined> =>
  slhDsa.selfTest(parameterSet).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof PkiError) return error;
      throw error;
    },
  );
