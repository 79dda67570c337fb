import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The longest time between two checks, in milliseconds. The first pauses are shorter, because most events happen soon.
 */
const PACE = 50;

/** In seconds: much longer than anything takes, because a machine may be loaded, or stand still for a while. */
const PATIENCE = 120;

/**
 * Waits until `condition` is true, for at most `seconds` seconds. A last check is made afterwards, because a busy
 * machine is not a failure.
 */
export async function until(condition: () => boolean | Promise<boolean>, seconds = PATIENCE): Promise<void> {
  const end = performance.now() + seconds * 1000;
  for (let pace = 1; !(await condition()); pace = Math.min(2 * pace, PACE)) {
    if (performance.now() > end) throw new Error(`Still false after ${seconds} s: ${condition}`);
    await sleep(pace);
  }
}

/** Calls `attempt` until it does not throw, for at most two minutes. Returns its result. */
export async function succeeding<T>(attempt: () => Promise<T>): Promise<T> {
  const end = performance.now() + PATIENCE * 1000;
  for (let pace = 1; ; pace = Math.min(2 * pace, PACE)) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await sleep(pace);
  }
}
