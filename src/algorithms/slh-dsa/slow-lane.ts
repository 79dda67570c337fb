import { AsyncLocalStorage } from 'node:async_hooks';
import { PkiError } from '../../base/errors.ts';

/** Runs slow operations one after the other. */
export interface SlowLane {
  /**
   * `milliseconds` is the expected time of `task`. Throws PkiError overloaded, without running it, when the operations
   * before it need more time than the lane allows.
   */
  run<T>(milliseconds: number, task: () => Promise<T>): Promise<T>;
  /** The time that the operations of callers need, running or waiting, as a part of what the lane allows; about 1 when full. */
  readonly load: number;
}

const precedence = new AsyncLocalStorage<true>();

/**
 * The slow operations of `task` come before those of callers. For what the service must do in time whatever callers ask for,
 * such as the signature of a CRL; never for what a caller can ask for as often as it likes.
 */
export const withPrecedence = <T>(task: () => Promise<T>): Promise<T> => precedence.run(true, task);

/** Operations that wait, the oldest first. */
interface Line {
  readonly waiting: (() => void)[];
  /** In milliseconds, of those that wait and the one that runs. */
  expected: number;
}

/** In milliseconds: far below the timeout of a request, also on a machine that is ten times slower. */
const MAX_WAIT = 5000;

/**
 * One operation runs at a time, so it blocks one thread of the pool of libuv, and ML-DSA keeps the others. What waits is
 * limited by its time, not by its number, because a signature takes between 12 ms and one second. An operation with
 * precedence waits for the one that runs and for others with precedence, which have a limit of their own.
 */
export function createSlowLane(maxWait = MAX_WAIT): SlowLane {
  const first: Line = { waiting: [], expected: 0 };
  const callers: Line = { waiting: [], expected: 0 };
  let isRunning = false;

  function startNext(): void {
    const start = first.waiting.shift() ?? callers.waiting.shift();
    isRunning = start !== undefined;
    start?.();
  }

  function turnIn({ waiting }: Line): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (!isRunning) startNext();
    return promise;
  }

  return {
    async run<T>(milliseconds: number, task: () => Promise<T>): Promise<T> {
      const line = precedence.getStore() === true ? first : callers;
      if (line.expected > maxWait)
        throw new PkiError('overloaded', 'Too many signatures of SLH-DSA are waiting');
      line.expected += milliseconds;
      await turnIn(line);
      try {
        return await task();
      } finally {
        line.expected -= milliseconds;
        startNext();
      }
    },
    get load() {
      return callers.expected / maxWait;
    },
  };
}
