import type { Engine } from './engine.ts';
import type { SecurityLevel } from './parameter-sets.ts';

export const ENGINE_OPERATIONS = Object.freeze(['generate', 'import', 'derive', 'sign', 'verify'] as const);

/** One call of an engine that has ended, well or badly. */
export interface EngineCall {
  readonly engine: string;
  readonly operation: (typeof ENGINE_OPERATIONS)[number];
  readonly level: SecurityLevel;
  /** From the call to its end, waiting for a free thread included. */
  readonly seconds: number;
}

export type EngineObserver = (call: EngineCall) => void;

export interface EngineQueue {
  /** Calls of the engine that have begun and not ended: they are computed, or wait for a free thread. */
  readonly depth: number;
}

/** The same engine, and what waits for it; `observe` hears of every call. */
export function observeEngine(
  engine: Engine,
  observe: EngineObserver = () => {},
): { readonly engine: Engine; readonly queue: EngineQueue } {
  let depth = 0;
  const timed = async <T>(
    operation: EngineCall['operation'],
    level: SecurityLevel,
    call: () => Promise<T>,
  ): Promise<T> => {
    const start = performance.now();
    depth += 1;
    try {
      return await call();
    } finally {
      depth -= 1;
      observe({ engine: engine.name, operation, level, seconds: (performance.now() - start) / 1000 });
    }
  };
  const observed: Engine = {
    name: engine.name,
    generateKey: (level) => timed('generate', level, () => engine.generateKey(level)),
    importKey: (material) => timed('import', material.level, () => engine.importKey(material)),
    publicFromSeed: (level, seed) => timed('derive', level, () => engine.publicFromSeed(level, seed)),
    sign: (key, ...rest) => timed('sign', key.level, () => engine.sign(key, ...rest)),
    verify: (level, ...rest) => timed('verify', level, () => engine.verify(level, ...rest)),
    close: () => engine.close(),
  };
  const queue: EngineQueue = {
    get depth() {
      return depth;
    },
  };
  return { engine: observed, queue };
}
