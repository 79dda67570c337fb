import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Returns a function that collects all garbage at once, as `gc` of `--expose-gc` does, however the process was started.
 *
 * node:crypto zeroes a private key when V8 collects its KeyObject, and has no other way to zero it. An idle service would
 * keep the keys: of 50 new keys 23 were in memory 3 s after their replies. A collection takes 25 ms of the event loop with
 * a heap of 55 MB. Depends on V8 having the flag `--expose-gc`.
 */
export function exposeCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') throw new Error('V8 has no function to collect garbage');
  return () => void Reflect.apply(collect, undefined, []);
}

/**
 * Returns a function that returns whether V8 has collected all garbage since. Depends on its frequent collections of new
 * objects, which keep the target of a WeakRef.
 */
export function watchCollections(): () => boolean {
  const target = new WeakRef({});
  return () => target.deref() === undefined;
}
