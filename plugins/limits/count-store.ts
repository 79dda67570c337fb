/** Where requests are counted. */

export interface Count {
  /** Requests in the window so far. */
  readonly current: number;
  /** How long the window still lasts, in milliseconds. */
  readonly ttl: number;
}

/** `window` is in milliseconds, and begins with the first request under its key. */
export interface CountStore {
  /** Counts one more request. */
  increment(key: string, window: number): Promise<Count>;
  /** What is counted already. */
  read(key: string, window: number): Promise<Count>;
}

export interface LimitStore extends CountStore {
  /** Whether each process counts for itself because what they share does not answer. */
  readonly degraded: boolean;
}
