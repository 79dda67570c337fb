/** Who can compute ML-DSA, and which of them does. */

import { PkiError } from '../../base/errors.ts';
import type { Engine } from './engine.ts';
import { createNativeEngine, nativeUnavailableReason } from './engines/native.ts';
import { createNobleEngine } from './engines/noble.ts';
import { createNodeEngine, nodeUnavailableReason } from './engines/node.ts';
import { selfTest } from './self-test.ts';
import type { NoblePool } from './noble-pool.ts';

export interface EngineKind {
  /** Why it cannot be had here; undefined where it can. */
  readonly absence: () => string | undefined;
  /** Throws PkiError engine-unavailable. The pool is for engines that compute in JavaScript. */
  readonly create: (pool: NoblePool) => Engine;
}

/** Every engine, the preferred first. */
const ENGINES = Object.freeze({
  native: { absence: () => nativeUnavailableReason(), create: () => createNativeEngine() },
  node: { absence: nodeUnavailableReason, create: createNodeEngine },
  noble: { absence: () => undefined, create: createNobleEngine },
}) satisfies Readonly<Record<string, EngineKind>>;

export type EngineName = keyof typeof ENGINES;

/** A name, or `auto` for the first engine that works here. */
export type EngineChoice = 'auto' | EngineName;

export const ENGINE_NAMES = Object.freeze(Object.keys(ENGINES) as EngineName[]);
export const ENGINE_CHOICES: readonly EngineChoice[] = Object.freeze(['auto', ...ENGINE_NAMES]);

export interface ChosenEngine {
  readonly engine: Engine;
  /** Why engines that are here were passed over. */
  readonly faults: readonly PkiError[];
}

/** Why the engine cannot be had here; undefined where it can. */
export const unavailableReason = (name: EngineName): string | undefined => ENGINES[name].absence();

/** Answers an engine that has passed its self-test. Throws PkiError engine-unavailable. */
export const createEngine = (name: EngineName, pool: NoblePool): Promise<Engine> => open(ENGINES[name], pool);

/** {@link createEngine}. */
export async function chooseEngine(choice: EngineChoice, pool: NoblePool): Promise<ChosenEngine> {
  if (choice === 'auto') return firstWorkingEngine(Object.values(ENGINES), pool);
  return { engine: await createEngine(choice, pool), faults: [] };
}

/** Passes over the engines that are not here, and those that are and do not work. */
export async function firstWorkingEngine(
  kinds: readonly EngineKind[],
  pool: NoblePool,
): Promise<ChosenEngine> {
  const faults: PkiError[] = [];
  for (const kind of kinds.filter(({ absence }) => absence() === undefined)) {
    try {
      return { engine: await open(kind, pool), faults };
    } catch (error) {
      if (!(error instanceof PkiError) || error.code !== 'engine-unavailable') throw error;
      faults.push(error);
    }
  }
  throw faults.at(-1) ?? new PkiError('engine-unavailable', 'no engine here computes ML-DSA');
}

async function open({ absence, create }: EngineKind, pool: NoblePool): Promise<Engine> {
  const reason = absence();
  if (reason !== undefined) throw new PkiError('engine-unavailable', reason);
  const engine = create(pool);
  await selfTest(engine);
  return engine;
}
