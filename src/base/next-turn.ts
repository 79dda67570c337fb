import { setImmediate } from 'node:timers/promises';

/** Lets everything else that waits for the event loop run. For long work that is done in parts. */
export const nextTurn = (): Promise<void> => setImmediate();
