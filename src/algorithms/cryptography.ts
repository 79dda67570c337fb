/** What the layers above receive of this one, composed. */

import type { PkiError } from '../base/errors.ts';
import type { Engine } from './ml-dsa/engine.ts';
import { chooseEngine, type EngineChoice } from './ml-dsa/engines.ts';
import { createExpandedKeys, type ExpandedKeys } from './ml-dsa/expanded-key.ts';
import { observeEngine, type EngineObserver, type EngineQueue } from './ml-dsa/observed-engine.ts';
import { createNoblePool, type NoblePool } from './ml-dsa/noble-pool.ts';

export interface Cryptography {
  readonly engine: Engine;
  /** What waits for the engine. */
  readonly queue: EngineQueue;
  /** Why engines that are here were passed over for this one. */
  readonly engineFaults: readonly PkiError[];
  readonly expandedKeys: ExpandedKeys;
  close(): Promise<void>;
}

export interface CryptographyOptions {
  readonly engine: EngineChoice;
  /** Hears of every call of the engine once it has passed its self-test. */
  readonly observe?: EngineObserver;
}

/** Answers once the engine has passed its self-test. Throws PkiError engine-unavailable. */
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
