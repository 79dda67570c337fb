import type { Engine } from './engine.ts';
import type { MlDsaParameterSetName } from './parameter-sets.ts';

export const ENGINE_OPERATIONS = Object.freeze([
  'generate',
  'import',
  'derive',
  'sign',
  'verify',
  'sign-verified',
] as const);

/** A finished call of an engine, successful or not. */
export interface EngineCall {
  readonly engine: string;
  readonly operation: (typeof ENGINE_OPERATIONS)[number];
  readonly parameterSet: MlDsaParameterSetName;
  /** Duration of the call, including the wait for a free thread. */
  readonly seconds: number;
}

export type EngineObserver = (call: EngineCall) => void;

export interface EngineQueue {
  /** Number of unfinished calls: running, or waiting for a free thread. */
  readonly depth: number;
}

/** Returns the same engine and its queue; `observe` is called after every call. */
export function observeEngine(
  engine: Engine,
  observe: EngineObserver = () => {},
): { readonly engine: Engine; readonly queue: EngineQueue } {
  let depth = 0;
  const timed = async <T>(
    operation: EngineCall['operation'],
    parameterSet: MlDsaParameterSetName,
    call: () => Promise<T>,
  ): Promise<T> => {
    const start = performance.now();
    depth += 1;
    try {
      return await call();
    } finally {
      depth -= 1;
      observe({ engine: engine.name, operation, parameterSet, seconds: (performance.now() - start) / 1000 });
    }
  };
  const observed: Engine = {
    name: engine.name,
    generateKey: (parameterSet) => timed('generate', parameterSet, () => engine.generateKey(parameterSet)),
    importKey: (material) => timed('import', material.parameterSet, () => engine.importKey(material)),
    publicFromSeed: (parameterSet, seed) =>
      timed('derive', parameterSet, () => engine.publicFromSeed(parameterSet, seed)),
    sign: (key, ...rest) => timed('sign', key.parameterSet, () => engine.sign(key, ...rest)),
    signVerified: (key, ...rest) =>
      timed('sign-verified', key.parameterSet, () => engine.signVerified(key, ...rest)),
    verify: (parameterSet, ...rest) =>
      timed('verify', parameterSet, () => engine.verify(parameterSet, ...rest)),
    close: () => engine.close(),
  };
  const queue: EngineQueue = {
    get depth() {
      return depth;
    },
  };
  return { engine: observed, queue };
}
