import { setImmediate as onNextTurn } from 'node:timers';
import { setImmediate } from 'node:timers/promises';

/** Lets everything else that waits for the event loop run. */
export const nextTurn = (): Promise<void> => setImmediate();

/** How long work in parts may hold one turn of the event loop, in milliseconds. */
const SLICE = 0.5;

/**
 * Returns a function for work that is done in parts, to be awaited between them. It returns {@link nextTurn} once such work
 * has held this turn of the event loop for long, and undefined before: a turn costs more than most parts do. Work that
 * begins in a turn shares this time, and work that continues has its own. `now` is in milliseconds.
 */
export function createPause(now: () => number): () => Promise<void> | undefined {
  let begun: number | undefined;
  const end = (): void => {
    begun = undefined;
  };
  const begin = (): void => {
    begun = now();
    onNextTurn(end);
  };
  return () => {
    if (begun !== undefined) return now() - begun < SLICE ? undefined : nextTurn().then(begin);
    begin();
    return undefined;
  };
}

/** The one of this process. */
export const pause = createPause(() => performance.now());
