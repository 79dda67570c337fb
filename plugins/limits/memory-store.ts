import { monotonicNow } from '../../src/base/clock.ts';
import type { Count, CountStore } from './count-store.ts';

/** Keys that are held at once: of more, the one that was longest not counted is forgotten. */
const CAPACITY = 50_000;

/** Counts in this process. `now` is in whole milliseconds and never goes back, so that setting the clock bans nobody. */
export function createMemoryStore(now = monotonicNow, capacity = CAPACITY): CountStore {
  /** The one that was longest not counted comes first. */
  const windows = new Map<string, { readonly current: number; readonly end: number }>();

  function liveWindow(key: string, length: number) {
    const time = now();
    const window = windows.get(key);
    const isLive = window !== undefined && window.end > time;
    return { time, ...(isLive ? window : { current: 0, end: time + length }) };
  }

  return {
    async increment(key, length): Promise<Count> {
      const { time, current, end } = liveWindow(key, length);
      windows.delete(key);
      windows.set(key, { current: current + 1, end });
      const [longestAgo] = windows.keys();
      if (windows.size > capacity && longestAgo !== undefined) windows.delete(longestAgo);
      return { current: current + 1, ttl: end - time };
    },
    async read(key, length): Promise<Count> {
      const { time, current, end } = liveWindow(key, length);
      return { current, ttl: end - time };
    },
  };
}
