import type { Scope } from './scopes.ts';

/** An authenticated caller. */
export interface Principal {
  /**
   * Stable and unique: `key:` and the id of an API key, `token:` and the subject of an access token, or `certificate:`
   * and the SHA-256 of a client certificate.
   */
  readonly id: string;
  /** For people who read logs. No decision uses it. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}
