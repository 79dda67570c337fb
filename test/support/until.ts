import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds, for so many seconds at most. */
export async function until(condition: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  for (let i = 0; i < seconds * 20; i++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error('waited in vain');
}

/** What `attempt` answers once it does not throw, for 30 seconds at most. */
export async function succeeding<T>(attempt: () => Promise<T>): Promise<T> {
  for (let i = 0; ; i++) {
    try {
      return await attempt();
    } catch (error) {
      if (i === 300) throw error;
      await sleep(100);
    }
  }
}
