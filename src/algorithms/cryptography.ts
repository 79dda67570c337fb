/** What the layers above receive of this one, composed. */

import type { Engine } from './engine.ts';
import { createEngine, type EngineChoice } from './engines.ts';
import { createExpandedKeys, type ExpandedKeys } from './expanded-key.ts';
import { selfTest } from './self-test.ts';
import { createWorkerPool, type WorkerPool } from './worker-pool.ts';

export interface Cryptography {
  readonly engine: Engine;
  readonly expandedKeys: ExpandedKeys;
  close(): Promise<void>;
}

/** Answers once the engine has passed its self-test. Throws PkiError engine-unavailable. */
export async function createCryptography(options: { readonly engine: EngineChoice }): Promise<Cryptography> {
  const pool = createWorkerPool();
  try {
    return await compose(options.engine, pool);
  } catch (error) {
    await pool.close();
    throw error;
  }
}

async function compose(choice: EngineChoice, pool: WorkerPool): Promise<Cryptography> {
  const engine = await createEngine(choice, pool);
  await selfTest(engine);
  return {
    engine,
    expandedKeys: createExpandedKeys(pool),
    async close() {
      await engine.close();
      await pool.close();
    },
  };
}
