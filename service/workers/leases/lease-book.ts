/**
 * The counts of all workers, in their primary. A worker that needs one unit of a window gets more, so that it counts most
 * requests by itself. What is leased is counted, so that no limit is ever exceeded, whichever process ends.
 */

import { createMemoryStore } from '../../../plugins/limits/memory-store.ts';
import { remember } from '../../../src/base/bounded-map.ts';
import type { FullWindow, Lease, LeasedWindow, LeaseRequest, ReturnedUnits } from './messages.ts';

/** A worker. */
export interface Lessee {
  /** Takes the unused units of a window back, and resolves to their number. Rejects if the worker has ended. */
  recall(window: LeasedWindow): Promise<number>;
  noteFull(window: FullWindow): void;
}

/** Part of the rest of a window that a worker gets: of a window that is nearly full, it gets one unit at a time. */
const SHARE = 8;

export class LeaseBook {
  readonly #lessees: () => ReadonlySet<Lessee>;
  readonly #counts;
  /** Who may have unused units of a window. */
  readonly #leased = new Map<string, { readonly end: number; readonly by: Set<Lessee> }>();
  readonly #recalls = new Map<string, Promise<void>>();
  /** Lengths of the windows that have reached their quotas. */
  readonly #full = new Map<string, number>();

  /** `lessees` returns the running workers. */
  constructor(lessees: () => ReadonlySet<Lessee>, counts = createMemoryStore()) {
    this.#lessees = lessees;
    this.#counts = counts;
  }

  async lease(lessee: Lessee, { key, window, quota, needed }: LeaseRequest): Promise<Lease> {
    if (this.#counts.look(key, window).current + needed > quota) await this.#recall(key, quota);
    const { current } = this.#counts.look(key, window);
    // The only worker can have ended meanwhile
    const share = (quota - current - needed) / (SHARE * Math.max(1, this.#lessees().size));
    const units = needed + Math.max(0, Math.floor(share));
    const { ttl, end, current: taken } = this.#counts.take(key, window, units);
    if (units > needed) this.#lend(lessee, key, end);
    if (current < quota && taken >= quota) {
      remember(this.#full, key, window);
      this.#note({ key, current: taken, ttl });
    }
    return { first: current + 1, units, ttl, end };
  }

  /** Returns whether their window still runs. */
  putBack({ key, end, quota, units }: ReturnedUnits): boolean {
    const isRunning = this.#counts.putBack(key, end, quota, units);
    if (isRunning && this.#full.delete(key)) this.#note({ key, current: 0, ttl: 0 });
    return isRunning;
  }

  /** For a worker that starts. Windows that have ended are not among them. */
  fullWindows(): readonly FullWindow[] {
    const windows = Array.from(this.#full, ([key, window]) => ({ key, ...this.#counts.look(key, window) }));
    return windows.filter(({ current }) => current > 0);
  }

  #note(window: FullWindow): void {
    for (const lessee of this.#lessees()) lessee.noteFull(window);
  }

  #lend(lessee: Lessee, key: string, end: number): void {
    const lent = this.#leased.get(key);
    if (lent?.end === end) lent.by.add(lessee);
    else remember(this.#leased, key, { end, by: new Set([lessee]) });
  }

  /** Requests that come meanwhile wait for the same units. */
  async #recall(key: string, quota: number): Promise<void> {
    const running = this.#recalls.get(key) ?? this.#takeBack(key, quota);
    this.#recalls.set(key, running);
    await running;
    this.#recalls.delete(key);
  }

  async #takeBack(key: string, quota: number): Promise<void> {
    const { end, by } = this.#leased.get(key) ?? { end: 0, by: [] };
    this.#leased.delete(key);
    const recalls = Array.from(by, (lessee) => recallFrom(lessee, { key, end }));
    for (const units of await Promise.all(recalls)) if (units > 0) this.putBack({ key, end, quota, units });
  }
}

/** A worker that has ended, or does not respond, keeps its units: they stay counted. */
const recallFrom = (lessee: Lessee, window: LeasedWindow): Promise<number> =>
  lessee.recall(window).catch(() => 0);
