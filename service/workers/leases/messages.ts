/** What a worker and its primary tell each other about counts. Times in milliseconds. */

/** Requests that wait in a worker, which has no units of their window left. */
export interface LeaseRequest {
  readonly key: string;
  readonly window: number;
  /** How many requests the window allows. */
  readonly quota: number;
  readonly needed: number;
}

/** Units of a window, each for one request. All of them are counted already. */
export interface Lease {
  /** The count with the first of them. Above the quota its request is rejected. */
  readonly first: number;
  /** At least as many as were needed. */
  readonly units: number;
  /** Rest of the window. */
  readonly ttl: number;
  /** Of the window, by the clock of the primary. */
  readonly end: number;
}

/** Units of a worker that no request has used. */
export interface ReturnedUnits {
  readonly key: string;
  readonly end: number;
  readonly quota: number;
  readonly units: number;
}

/** A window of a worker. */
export interface LeasedWindow {
  readonly key: string;
  readonly end: number;
}

/** A window whose quota is used up; with a `ttl` of 0 it is not any more. */
export interface FullWindow {
  readonly key: string;
  readonly current: number;
  readonly ttl: number;
}
