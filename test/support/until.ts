import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `condition` holds, for 30 seconds at most. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await condition()) return;
    await sleep(50);
  }
  throw new Error('waited in vain');
}
