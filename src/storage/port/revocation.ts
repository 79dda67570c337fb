/**
 * Revocation (RFC 5280 §5): which serial numbers relying parties must no longer trust. A serial number can be revoked as
 * soon as it is reserved, also if it never gets a certificate.
 */

import type { AuditEvent } from './audit.ts';
import type { NewWebhook } from './webhooks.ts';

/** CRLReason as its number (RFC 5280 §5.3.1). removeFromCRL (8) is never stored, and there is no 7. */
export type ReasonCode = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 9 | 10;

export interface Revocation {
  /** The id of the reservation, which is that of its certificate. */
  readonly id: string;
  readonly authorityId: string;
  readonly authorityKeyId: string;
  /** The serial number as its content octets. */
  readonly serial: Uint8Array;
  readonly reason: ReasonCode;
  /** For a hold that became final, the time of the hold. */
  readonly revokedAt: Date;
  /** Since when the key may have been compromised (RFC 5280 §5.3.2). */
  readonly invalidityDate?: Date;
  /** The last moment of validity of its certificate; absent for a serial number without one. */
  readonly notAfter?: Date;
  /** `Principal.id` of who revoked it. */
  readonly principal: string;
  /** The revision of the authority key that this revocation made. */
  readonly revision: number;
}

export interface NewRevocation {
  /** Of the reservation. */
  readonly id: string;
  readonly reason: ReasonCode;
  readonly revokedAt: Date;
  readonly invalidityDate?: Date;
  readonly principal: string;
  /**
   * Whether the principal may revoke every certificate. Then a compromised key is barred for every principal; otherwise
   * only if the key was proven, because no principal can bar the key of another.
   */
  readonly isOfficer?: boolean;
  /** Takes over a hold that this principal placed, so that it cannot end it any more. */
  readonly takesHoldOf?: string;
  /** Ids of authorities that are disabled in the same transaction, if they are enabled. */
  readonly disabling?: readonly string[];
  readonly audit: AuditEvent;
  readonly webhooks?: readonly NewWebhook[];
}

export type RevocationOutcome =
  /** `held` is the hold that became final. */
  | { readonly outcome: 'revoked'; readonly revocation: Revocation; readonly held?: Revocation }
  /** Nothing was changed. `revocation` is what is stored. */
  | { readonly outcome: 'already-revoked'; readonly revocation: Revocation }
  | { readonly outcome: 'not-found' };

export interface HoldRelease {
  /** Of the reservation. */
  readonly id: string;
  /** Only a hold that this principal placed; every hold if absent. */
  readonly heldBy?: string;
  readonly at: Date;
  readonly audit: AuditEvent;
  readonly webhooks?: readonly NewWebhook[];
}

export type ReleaseOutcome =
  /** `revocation` is the hold that ended. */
  | { readonly outcome: 'released'; readonly revocation: Revocation }
  /** The revocation is final, or another principal placed the hold. */
  | { readonly outcome: 'final' | 'held-by-other'; readonly revocation: Revocation }
  | { readonly outcome: 'not-revoked' | 'not-found' };

/** Finds a serial number by the id of its reservation, or by itself and who it belongs to. */
export type SerialQuery =
  | { readonly id: string }
  | { readonly authorityId: string; readonly serial: Uint8Array }
  | { readonly authorityKeyId: string; readonly serial: Uint8Array };

/** What the store knows about a serial number that it drew. */
export interface SerialStatus {
  /** Of the reservation. */
  readonly id: string;
  readonly authorityId: string;
  readonly authorityKeyId: string;
  readonly serial: Uint8Array;
  /** `Principal.id` of who requested the certificate. */
  readonly principal: string;
  /** `reserved`: it has no certificate, whether one is signed now or never. `revoked` includes a hold. */
  readonly status: 'reserved' | 'issued' | 'revoked';
  /** The last moment of validity of the certificate, if there is one. */
  readonly notAfter?: Date;
  /** Present if the status is `revoked`. */
  readonly revocation?: Revocation;
}

/** Changes with every revocation, hold and release of an authority key. */
export interface RevocationRevision {
  readonly authorityKeyId: string;
  /** Each change adds 1. */
  readonly revision: number;
  /** The time of the last change. */
  readonly changedAt: Date;
}

export interface CompromiseQuery {
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly keyId: Uint8Array;
  readonly principal: string;
}

/** Revocations that a CRL of an authority key lists. */
export interface RevocationFilter {
  readonly authorityKeyId: string;
  /**
   * Without those whose certificate ended before. With `thisUpdate` of the CRL before, an entry is on one CRL after the
   * end of its certificate (RFC 5280 §3.3).
   */
  readonly notAfterFrom?: Date;
}

export interface RevocationPage extends RevocationFilter {
  /** Starts after this serial number. */
  readonly after?: Uint8Array;
  readonly limit: number;
}

export interface RevocationStore {
  /**
   * Stores a revocation or a hold with its audit record and the new revision, all or nothing. A hold becomes final by any
   * other reason; a final revocation is never changed. An open reservation is closed, so it never gets a certificate.
   * An authority that signs with the certificate is disabled, and with keyCompromise or cACompromise the key is barred.
   */
  revoke(revocation: NewRevocation): Promise<RevocationOutcome>;
  /** Ends a hold. */
  release(release: HoldRelease): Promise<ReleaseOutcome>;
  /** Undefined for a serial number that was never drawn, or belongs to another authority or key. */
  serialStatus(query: SerialQuery): Promise<SerialStatus | undefined>;
  /** 0 before the first revocation. */
  revocationRevision(authorityKeyId: string): Promise<number>;
  /** Of every authority key that has revocations, or had them. */
  listRevocationRevisions(): Promise<readonly RevocationRevision[]>;
  /** By the octets of the serial number. */
  listRevocations(page: RevocationPage): Promise<readonly Revocation[]>;
  revocationCount(filter: RevocationFilter): Promise<number>;
  /** Whether the key must not be certified for this principal. */
  isKeyCompromised(query: CompromiseQuery): Promise<boolean>;
}
