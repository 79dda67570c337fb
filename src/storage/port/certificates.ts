/** What was issued. Public data only. */

import type { ReasonCode } from './revocation.ts';

/** A subject alternative name as text, for example `dns` and `www.example.com`. */
export interface CertificateName {
  readonly type: string;
  readonly value: string;
}

export interface CertificateSummary {
  /** The id of its reservation. */
  readonly id: string;
  readonly authorityId: string;
  readonly authorityKeyId: string;
  /** The serial number as its content octets. */
  readonly serial: Uint8Array;
  /** SHA-256 of the DER. */
  readonly sha256: Uint8Array;
  /** The subject as text (RFC 4514). */
  readonly subject: string;
  readonly names: readonly CertificateName[];
  readonly notBefore: Date;
  /** The last moment of validity. */
  readonly notAfter: Date;
  readonly issuedAt: Date;
  readonly profile: string;
  readonly profileVersion: number;
  /** Identifies the certified public key, such as its SHA-256. */
  readonly keyId: Uint8Array;
  /** Name of the algorithm of the certified key, such as `ML-DSA-65`. */
  readonly keyAlgorithm: string;
  readonly isAuthority: boolean;
  /** Whether the principal proved that it has the private key; absent if that is not known. */
  readonly isKeyProven?: boolean;
  /** `Principal.id` of who requested it. */
  readonly principal: string;
  /** Set by a revocation or a hold. */
  readonly revokedAt?: Date;
  readonly revocationReason?: ReasonCode;
}

export interface Certificate extends CertificateSummary {
  readonly der: Uint8Array;
}

/** A half-open period: `from` is inside, `to` is not. */
export interface Period {
  readonly from?: Date;
  readonly to?: Date;
}

/** Every given member must match. */
export interface CertificateFilter {
  readonly serial?: Uint8Array;
  readonly sha256?: Uint8Array;
  /** The subject must contain each of these words, ignoring case. `Acme Ltd` finds `O=ACME Europe Ltd`. */
  readonly subject?: string;
  /** An alternative name, ignoring case; or `*.example.com`, which finds every DNS name below example.com too. */
  readonly name?: string;
  readonly status?: 'valid' | 'expired' | 'revoked';
  readonly authorityId?: string;
  readonly profile?: string;
  readonly issued?: Period;
  readonly expiring?: Period;
  readonly keyId?: Uint8Array;
  readonly principal?: string;
}

/** A place in an order, such as the last certificate of a page. */
export interface CertificateCursor {
  readonly issuedAt: Date;
  readonly id: string;
  /** Needed for the order `expiring-first`. */
  readonly notAfter?: Date;
}

/** By `issuedAt`, then `id`; `expiring-first` by `notAfter`, then `id`, the earliest first. */
export type CertificateOrder = 'newest-first' | 'oldest-first' | 'expiring-first';

export interface CertificateQuery {
  readonly filter: CertificateFilter;
  /** The time for `status`. */
  readonly now: Date;
  readonly order: CertificateOrder;
  /** Starts after this place. */
  readonly after?: CertificateCursor;
  readonly limit: number;
}

export interface StoreCounts {
  readonly certificates: number;
  /** Certificates that expire within each of the given numbers of days, in the same order. */
  readonly expiring: readonly number[];
  readonly openReservations: number;
  /** Size of the database, in bytes. */
  readonly size: number;
}

export interface CertificateStore {
  /**
   * With `principal`, a certificate of another principal is as missing as one that does not exist. Rejects with
   * store-unavailable if the DER does not have the stored SHA-256 any more.
   */
  getCertificate(id: string, principal?: string): Promise<Certificate | undefined>;
  findCertificate(authorityId: string, serial: Uint8Array): Promise<Certificate | undefined>;
  /** A page. If it has `limit` members, the next one starts after the last of them. */
  searchCertificates(query: CertificateQuery): Promise<readonly CertificateSummary[]>;
  /** Every match in pages, which are read one after another: the memory does not depend on their number. */
  exportCertificates(query: Omit<CertificateQuery, 'limit'>): AsyncIterable<readonly Certificate[]>;
  counts(now: Date, days: readonly number[]): Promise<StoreCounts>;
}
