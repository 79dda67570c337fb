/** The port to what counts requests. */

export interface Count {
  /** Requests in the window so far. */
  readonly current: number;
  /** Rest of the window, in milliseconds. */
  readonly ttl: number;
}

/** `window` is in milliseconds, and starts with the first request for its key. */
export interface CountStore {
  /** Counts one more request. */
  increment(key: string, window: number): Promise<Count>;
  /** Returns the count without a change. */
  read(key: string, window: number): Promise<Count>;
}

export interface LimitStore extends CountStore {
  /** Whether each process counts alone, because the shared store does not respond. */
  readonly degraded: boolean;
}
