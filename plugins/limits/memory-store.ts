import { CAPACITY, remember } from '../../src/base/bounded-map.ts';
import { monotonicNow } from '../../src/base/clock.ts';
import type { Count, CountStore, WindowCount } from './count-store.ts';

export interface MemoryStore extends CountStore {
  /** Counts several requests. */
  take(key: string, window: number, requests: number): WindowCount;
  /** {@link CountStore.giveBack} for several requests. */
  putBack(key: string, end: number, quota: number, requests: number): boolean;
  /** {@link CountStore.read}, exactly. */
  look(key: string, window: number): Count;
}

/**
 * Counts in this process, for at most `capacity` keys: beyond it, the key that was counted least recently is dropped. `now` is
 * monotonic, in whole milliseconds, so that a clock that is set back extends no window.
 */
export function createMemoryStore(now = monotonicNow, capacity = CAPACITY): MemoryStore {
  /** The least recently counted key comes first. */
  const windows = new Map<string, { readonly current: number; readonly end: number }>();

  function liveWindow(key: string, length: number) {
    const time = now();
    const window = windows.get(key);
    const isLive = window !== undefined && window.end > time;
    return { time, ...(isLive ? window : { current: 0, end: time + length }) };
  }

  function take(key: string, length: number, requests: number): WindowCount {
    const { time, current, end } = liveWindow(key, length);
    remember(windows, key, { current: current + requests, end }, capacity);
    return { current: current + requests, ttl: end - time, end };
  }

  function putBack(key: string, end: number, quota: number, requests: number): boolean {
    const window = windows.get(key);
    if (window === undefined || window.end !== end || end <= now()) return false;
    windows.set(key, { current: Math.min(window.current, quota) - requests, end });
    return true;
  }

  function look(key: string, length: number): Count {
    const { time, current, end } = liveWindow(key, length);
    return { current, ttl: end - time };
  }

  return {
    take,
    putBack,
    look,
    increment: async (key, length) => take(key, length, 1),
    read: async (key, length) => look(key, length),
    giveBack: async (key, end, quota) => putBack(key, end, quota, 1),
  };
}
