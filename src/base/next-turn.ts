import { setImmediate as onNextTurn } from 'node:timers';
import { setImmediate } from 'node:timers/promises';

/** Lets everything else that waits for the event loop run. */
export const nextTurn = (): Promise<void> => setImmediate();

/** How long work in parts may hold one turn of the event loop, in milliseconds. */
const SLICE = 1;

/**
 * Returns a function for work that is done in parts, to be awaited between them. It returns undefined until such work has
 * held this turn of the event loop for long, and then a promise: a turn costs more than most parts do. In each turn the work
 * that has waited longest continues, so that many requests do not hold the event loop longer. `now` is in milliseconds.
 */
export function createPause(now: () => number): () => Promise<void> | undefined {
  const waiting: (() => void)[] = [];
  let begun: number | undefined;
  const begin = (): void => {
    begun = now();
    onNextTurn(end);
  };
  function end(): void {
    begun = undefined;
    const continueNext = waiting.shift();
    if (continueNext === undefined) return;
    begin();
    continueNext();
  }
  return () => {
    if (begun === undefined) begin();
    else if (now() - begun >= SLICE) return new Promise((resolve) => waiting.push(resolve));
    return undefined;
  };
}

/** The one of this process. */
export const pause = createPause(() => performance.now());
