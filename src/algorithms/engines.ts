/** Who can compute ML-DSA, and which of them does. */

import { PkiError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { createNobleEngine } from './noble-engine.ts';
import { createNodeEngine } from './node-engine.ts';
import type { WorkerPool } from './worker-pool.ts';

/** Throws PkiError engine-unavailable where the engine cannot work. */
type CreateEngine = (pool: WorkerPool) => Engine | Promise<Engine>;

/** Every engine, the preferred first. */
const ENGINES = Object.freeze({
  node: createNodeEngine,
  noble: createNobleEngine,
}) satisfies Readonly<Record<string, CreateEngine>>;

export type EngineName = keyof typeof ENGINES;

/** A name, or `auto` for the first engine that works here. */
export type EngineChoice = 'auto' | EngineName;

export const ENGINE_NAMES = Object.freeze(Object.keys(ENGINES) as EngineName[]);
export const ENGINE_CHOICES: readonly EngineChoice[] = Object.freeze(['auto', ...ENGINE_NAMES]);

/** Throws PkiError engine-unavailable. The pool is for engines that compute in JavaScript. */
export async function createEngine(choice: EngineChoice, pool: WorkerPool): Promise<Engine> {
  return choice === 'auto' ? firstAvailable(Object.values(ENGINES), pool) : ENGINES[choice](pool);
}

/** Passes over the engines that are not available. */
export async function firstAvailable(engines: readonly CreateEngine[], pool: WorkerPool): Promise<Engine> {
  for (const create of engines) {
    const engine = await createIfAvailable(create, pool);
    if (engine !== undefined) return engine;
  }
  throw new PkiError('engine-unavailable', 'no engine here computes ML-DSA');
}

async function createIfAvailable(create: CreateEngine, pool: WorkerPool): Promise<Engine | undefined> {
  try {
    return await create(pool);
  } catch (error) {
    if (error instanceof PkiError && error.code === 'engine-unavailable') return undefined;
    throw error;
  }
}
