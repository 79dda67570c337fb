import type { Scope } from './scopes.ts';

/** Whoever asks, once known. */
export interface Principal {
  /**
   * Stable, and of no other principal: `key:` and the id of an API key, `token:` and the subject of an access token, or
   * `certificate:` and the SHA-256 of a client certificate.
   */
  readonly id: string;
  /** For people: in logs, never in decisions. */
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}
