/** The counts of a worker: it counts requests with the units that its primary has leased to it. */

import type { Count, CountStore, WindowCount } from '../../../plugins/limits/count-store.ts';
import { monotonicNow } from '../../../src/base/clock.ts';
import { remember } from '../../../src/base/bounded-map.ts';
import type { FullWindow, Lease, LeasedWindow, LeaseRequest, ReturnedUnits } from './messages.ts';

/** The primary. Calls reject when it does not respond. */
export interface Lessor {
  lease(request: LeaseRequest): Promise<Lease>;
  putBack(returned: ReturnedUnits): Promise<boolean>;
}

/** `last` is the count with the last of the unused units. `until` is in the time of this process. */
interface Units {
  unused: number;
  readonly last: number;
  readonly end: number;
  readonly until: number;
}

type Waiting = PromiseWithResolvers<WindowCount>[];

export class LeasedCounts implements CountStore {
  readonly #lessor: Lessor;
  readonly #now: () => number;
  readonly #leased = new Map<string, Units>();
  readonly #full = new Map<string, { readonly current: number; readonly until: number }>();
  readonly #queues = new Map<string, Waiting>();

  /** `now` is monotonic, in milliseconds. */
  constructor(lessor: Lessor, now = monotonicNow) {
    this.#lessor = lessor;
    this.#now = now;
  }

  async increment(key: string, window: number, quota: number): Promise<WindowCount> {
    const units = this.#unitsOf(key);
    return units === undefined ? this.#queue({ key, window, quota }) : this.#use(units);
  }

  /** Only the primary knows a count below the quota. */
  async read(key: string, window: number): Promise<Count> {
    const { current, until } = this.#full.get(key) ?? { current: 0, until: 0 };
    const ttl = until - this.#now();
    return ttl > 0 ? { current, ttl } : { current: 0, ttl: window };
  }

  async giveBack(key: string, end: number, quota: number): Promise<boolean> {
    const units = this.#unitsOf(key);
    if (units?.end !== end) return this.#lessor.putBack({ key, end, quota, units: 1 });
    units.unused += 1;
    return true;
  }

  /** Returns the number of the unused units of a window, and forgets them. */
  recall({ key, end }: LeasedWindow): number {
    const units = this.#unitsOf(key);
    if (units?.end !== end) return 0;
    this.#leased.delete(key);
    return units.unused;
  }

  noteFull({ key, current, ttl }: FullWindow): void {
    remember(this.#full, key, { current, until: this.#now() + ttl });
  }

  #unitsOf(key: string): Units | undefined {
    const units = this.#leased.get(key);
    if (units !== undefined && units.unused > 0 && units.until > this.#now()) return units;
    this.#leased.delete(key);
    return undefined;
  }

  #use(units: Units): WindowCount {
    units.unused -= 1;
    return { current: units.last - units.unused, ttl: units.until - this.#now(), end: units.end };
  }

  async #queue(request: Omit<LeaseRequest, 'needed'>): Promise<WindowCount> {
    const place = Promise.withResolvers<WindowCount>();
    const queue = this.#queues.get(request.key);
    if (queue === undefined) void this.#serve([place], request);
    else queue.push(place);
    return place.promise;
  }

  /** The requests that wait get their units in order. More of them may come while the primary replies. */
  async #serve(waiting: Waiting, request: Omit<LeaseRequest, 'needed'>): Promise<void> {
    this.#queues.set(request.key, waiting);
    try {
      while (waiting.length > 0) await this.#lease(waiting, request);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    } finally {
      this.#queues.delete(request.key);
    }
  }

  async #lease(waiting: Waiting, request: Omit<LeaseRequest, 'needed'>): Promise<void> {
    // Not the time of the reply, and a millisecond less for what was rounded: no unit outlives its window.
    const asked = this.#now() - 1;
    const lease = await this.#lessor.lease({ ...request, needed: waiting.length });
    const last = lease.first + lease.units - 1;
    const units: Units = { unused: lease.units, last, end: lease.end, until: asked + lease.ttl };
    for (const { resolve } of waiting.splice(0, lease.units)) resolve(this.#use(units));
    if (units.unused > 0) remember(this.#leased, request.key, units);
  }
}
