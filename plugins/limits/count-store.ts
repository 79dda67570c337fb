/** The port to what counts requests. */

export interface Count {
  /** Requests in the window so far. */
  readonly current: number;
  /** Rest of the window, in milliseconds. */
  readonly ttl: number;
}

/** A count with the end of its window, in milliseconds of the clock of the store. The end identifies the window. */
export interface WindowCount extends Count {
  readonly end: number;
}

/** `window` is in milliseconds, and starts with the first request for its key. `quota` requests are allowed in it. */
export interface CountStore {
  /** Counts one more request. */
  increment(key: string, window: number, quota: number): Promise<WindowCount>;
  /** Returns the count without a change. It may be lower than it is, unless it has reached the quota. */
  read(key: string, window: number): Promise<Count>;
  /**
   * Takes one request back from the window that ends at `end`, and returns whether that window still runs. It counted at
   * most `quota` requests that were served, so the others, which were rejected, are dropped from the count.
   */
  giveBack(key: string, end: number, quota: number): Promise<boolean>;
}

/** A request that was counted. */
export interface Counted extends Count {
  /** {@link CountStore.giveBack} in the store that counted the request. Never rejects: then nothing is taken back. */
  giveBack(quota: number): Promise<boolean>;
}

export interface LimitStore {
  increment(key: string, window: number, quota: number): Promise<Counted>;
  read(key: string, window: number): Promise<Count>;
  /** Whether each process counts alone, because the shared store does not respond. */
  readonly degraded: boolean;
}
