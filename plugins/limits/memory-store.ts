import { monotonicNow } from '../../src/base/clock.ts';
import type { Count, CountStore, WindowCount } from './count-store.ts';

/** Number of keys. Beyond it, the key that was counted least recently is dropped. */
const CAPACITY = 50_000;

/** Counts in this process. `now` is monotonic, in whole milliseconds, so that a clock that is set back extends no window. */
export function createMemoryStore(now = monotonicNow, capacity = CAPACITY): CountStore {
  /** The least recently counted key comes first. */
  const windows = new Map<string, { readonly current: number; readonly end: number }>();

  function liveWindow(key: string, length: number) {
    const time = now();
    const window = windows.get(key);
    const isLive = window !== undefined && window.end > time;
    return { time, ...(isLive ? window : { current: 0, end: time + length }) };
  }

  return {
    async increment(key, length): Promise<WindowCount> {
      const { time, current, end } = liveWindow(key, length);
      windows.delete(key);
      windows.set(key, { current: current + 1, end });
      const [leastRecent] = windows.keys();
      if (windows.size > capacity && leastRecent !== undefined) windows.delete(leastRecent);
      return { current: current + 1, ttl: end - time, end };
    },
    async read(key, length): Promise<Count> {
      const { time, current, end } = liveWindow(key, length);
      return { current, ttl: end - time };
    },
    async giveBack(key, end, quota): Promise<boolean> {
      const window = windows.get(key);
      if (window === undefined || window.end !== end || end <= now()) return false;
      windows.set(key, { current: Math.min(window.current, quota) - 1, end });
      return true;
    },
  };
}
