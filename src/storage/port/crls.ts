/** Published CRLs, and leases, by which one of several replicas does what must be done once. */

import type { AuditEvent } from './audit.ts';

export interface CrlSummary {
  readonly authorityKeyId: string;
  /** Names one of several CRLs of the key; empty for the only one. */
  readonly scope: string;
  /** CRLNumber (RFC 5280 §5.2.3). */
  readonly number: number;
  /** The revision of the authority key ({@link RevocationRevision}) that it contains. */
  readonly revision: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly entries: number;
  /** SHA-256 of the DER. */
  readonly sha256: Uint8Array;
}

export interface StoredCrl extends CrlSummary {
  readonly der: Uint8Array;
}

export interface CrlPublication {
  readonly crl: StoredCrl;
  readonly audit: AuditEvent;
}

export interface CrlPlace {
  readonly authorityKeyId: string;
  readonly scope: string;
}

/** A lease of what only one process does at a time. */
export interface Lease {
  /** What is leased, such as `crl`. */
  readonly name: string;
  /** Identifies the process. */
  readonly holder: string;
  readonly now: Date;
  /** When another process can have it, unless it is claimed again. */
  readonly until: Date;
}

export interface CrlStore {
  /**
   * Replaces the CRL of its key and scope. Returns `outdated`, and changes nothing, unless its number is one more than
   * the stored one (1 for the first), and neither thisUpdate nor the revision goes back.
   */
  publishCrl(publication: CrlPublication): Promise<'published' | 'outdated'>;
  getCrl(place: CrlPlace): Promise<StoredCrl | undefined>;
  /** Every published CRL without its octets, by key and scope. */
  listCrls(): Promise<readonly CrlSummary[]>;
  /** Returns whether the holder has the lease now. A holder prolongs its own lease in the same way. */
  claimLease(lease: Lease): Promise<boolean>;
}
