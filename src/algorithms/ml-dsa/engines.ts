/** The engines that compute ML-DSA, and the choice between them. */

import { PkiError } from '../../base/errors.ts';
import type { Engine } from './engine.ts';
import { createNativeEngine, nativeUnavailableReason } from './engines/native.ts';
import { createNobleEngine } from './engines/noble.ts';
import { createNodeEngine, nodeUnavailableReason } from './engines/node.ts';
import { selfTest } from './self-test.ts';
import type { NoblePool } from './noble-pool.ts';

export interface EngineKind {
  /** Returns a sentence, or undefined when the engine is available. */
  readonly unavailableReason: () => string | undefined;
  /** Throws PkiError engine-unavailable. The pool is for engines that compute in JavaScript. */
  readonly create: (pool: NoblePool) => Engine;
}

/** Every engine, the preferred one first. */
const ENGINES = Object.freeze({
  native: { unavailableReason: () => nativeUnavailableReason(), create: () => createNativeEngine() },
  node: { unavailableReason: nodeUnavailableReason, create: createNodeEngine },
  noble: { unavailableReason: () => undefined, create: createNobleEngine },
}) satisfies Readonly<Record<string, EngineKind>>;

export type EngineName = keyof typeof ENGINES;

/** A name, or `auto` for the first engine that works on this machine. */
export type EngineChoice = 'auto' | EngineName;

export const ENGINE_NAMES = Object.freeze(Object.keys(ENGINES) as EngineName[]);
export const ENGINE_CHOICES: readonly EngineChoice[] = Object.freeze(['auto', ...ENGINE_NAMES]);

export interface ChosenEngine {
  readonly engine: Engine;
  /** Why preferred engines were not used although they are installed. */
  readonly faults: readonly PkiError[];
}

/** Returns a sentence, or undefined when the engine is available. */
export const unavailableReason = (name: EngineName): string | undefined => ENGINES[name].unavailableReason();

/** Returns an engine that has passed its self-test. Throws PkiError engine-unavailable. */
export const createEngine = (name: EngineName, pool: NoblePool): Promise<Engine> => open(ENGINES[name], pool);

/** {@link createEngine}. */
export async function chooseEngine(choice: EngineChoice, pool: NoblePool): Promise<ChosenEngine> {
  if (choice === 'auto') return firstWorkingEngine(Object.values(ENGINES), pool);
  return { engine: await createEngine(choice, pool), faults: [] };
}

/** Skips the engines that are unavailable, and those that fail. Throws the last PkiError engine-unavailable. */
export async function firstWorkingEngine(
  kinds: readonly EngineKind[],
  pool: NoblePool,
): Promise<ChosenEngine> {
  const faults: PkiError[] = [];
  for (const kind of kinds.filter(({ unavailableReason }) => unavailableReason() === undefined)) {
    try {
      return { engine: await open(kind, pool), faults };
    } catch (error) {
      if (!(error instanceof PkiError) || error.code !== 'engine-unavailable') throw error;
      faults.push(error);
    }
  }
  throw faults.at(-1) ?? new PkiError('engine-unavailable', 'No engine on this machine computes ML-DSA');
}

async function open({ unavailableReason, create }: EngineKind, pool: NoblePool): Promise<Engine> {
  const reason = unavailableReason();
  if (reason !== undefined) throw new PkiError('engine-unavailable', reason);
  const engine = create(pool);
  await selfTest(engine);
  return engine;
}
