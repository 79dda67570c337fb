/** How long a task holds the event loop. */

import { nextTurn } from '../src/base/next-turn.ts';

/** Processor time of this thread, in microseconds: other programs of a busy machine do not count. */
function usedTime(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Runs the task. Returns the longest turn of the event loop meanwhile, in milliseconds of processor time. */
export async function heldBy(task: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let last = usedTime();
  let isDone = false;
  function turn(): void {
    const now = usedTime();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setImmediate(turn);
  }
  setImmediate(turn);
  await task();
  await nextTurn();
  isDone = true;
  return Math.round(longest / 100) / 10;
}
