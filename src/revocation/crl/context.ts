import type { OpenAuthorities } from '../../authorities/open-authorities.ts';
import type { Clock } from '../../base/clock.ts';
import type { CrlSummary, Store } from '../../storage/ports.ts';

/** Times in milliseconds. */
export interface CrlPeriods {
  /** The most from a revocation to the CRL that lists it, without the time to sign. */
  readonly delay: number;
  /** From thisUpdate to nextUpdate. A CRL is replaced at half of it at the latest. */
  readonly validity: number;
}

/** Measures the publication of CRLs. */
export interface CrlObserver {
  /** A CRL was published. */
  published(crl: CrlSummary, size: number): void;
  /** A CRL could not be made, for a fault of its key or of the service. The store itself is observed apart. */
  failed(error: unknown): void;
  /** The newest CRL of each issuer; undefined for one that has none yet. */
  checked(crls: readonly (CrlSummary | undefined)[], now: Date): void;
}

/** What the publication of CRLs needs. */
export interface CrlContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly opened: Pick<OpenAuthorities, 'openKey'>;
  readonly periods: CrlPeriods;
  readonly observer: CrlObserver;
}
