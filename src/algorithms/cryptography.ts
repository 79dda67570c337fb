/** The cryptography that the layers above use: an engine for ML-DSA, and expanded keys. */

import type { PkiError } from '../base/errors.ts';
import type { Engine } from './ml-dsa/engine.ts';
import { chooseEngine, type EngineChoice } from './ml-dsa/engines.ts';
import { createExpandedKeys, type ExpandedKeys } from './ml-dsa/expanded-key.ts';
import { observeEngine, type EngineObserver, type EngineQueue } from './ml-dsa/observed-engine.ts';
import { createNoblePool, type NoblePool } from './ml-dsa/noble-pool.ts';

export interface Cryptography {
  readonly engine: Engine;
  /** The unfinished calls of the engine. */
  readonly queue: EngineQueue;
  /** Why preferred engines were not used although they are installed. */
  readonly engineFaults: readonly PkiError[];
  readonly expandedKeys: ExpandedKeys;
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
  const { engine, faults } = await chooseEngine(choice, pool);
  return {
    engineFaults: faults,
    ...observeEngine(engine, observe),
    expandedKeys: createExpandedKeys(pool),
    async close() {
      await engine.close();
      await pool.close();
    },
  };
}
