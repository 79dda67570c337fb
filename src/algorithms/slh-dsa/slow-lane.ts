import { PkiError } from '../../base/errors.ts';

/** Runs slow operations one after the other. */
export interface SlowLane {
  /**
   * `milliseconds` is the expected time of `task`. Throws PkiError overloaded, without running it, when the operations
   * before it need more time than the lane allows.
   */
  run<T>(milliseconds: number, task: () => Promise<T>): Promise<T>;
}

/** In milliseconds: far below the timeout of a request, also on a machine that is ten times slower. */
const MAX_WAIT = 5000;

/**
 * One operation runs at a time, so it blocks one thread of the pool of libuv, and ML-DSA keeps the others. What waits is
 * limited by its time, not by its number, because a signature takes between 12 ms and one second.
 */
export function createSlowLane(maxWait = MAX_WAIT): SlowLane {
  let last: Promise<unknown> = Promise.resolve();
  let expected = 0;
  return {
    async run<T>(milliseconds: number, task: () => Promise<T>): Promise<T> {
      if (expected > maxWait) throw new PkiError('overloaded', 'Too many signatures of SLH-DSA are waiting');
      expected += milliseconds;
      const result = last.then(task);
      last = result.catch(() => undefined);
      try {
        return await result;
      } finally {
        expected -= milliseconds;
      }
    },
  };
}
