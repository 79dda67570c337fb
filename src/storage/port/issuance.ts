/**
 * Issuing in two transactions: the serial is reserved before anything is signed, and the certificate is stored before
 * the caller gets it. A crash in between leaves an open reservation.
 */

import type { AuditEvent } from './audit.ts';
import type { Certificate } from './certificates.ts';
import type { NewWebhook } from './webhooks.ts';

/** The Idempotency-Key of a request (draft-ietf-httpapi-idempotency-key-header-07). */
export interface IdempotencyKey {
  /** `Principal.id` of the caller, to whom the key belongs. */
  readonly principal: string;
  readonly key: string;
  /** The route, such as `POST /api/v1/authorities/{id}/certificates`, with the id. */
  readonly route: string;
  /** SHA-256 of the request. */
  readonly requestDigest: Uint8Array;
}

/** Why a request with an Idempotency-Key is not run. */
export type IdempotencyConflict =
  /** The request was completed: `result` is the id of what it made. */
  | { readonly outcome: 'replayed'; readonly result: string }
  /** The first request with this key still runs, or was lost. `reservationId` can then be abandoned. */
  | { readonly outcome: 'in-progress'; readonly reservationId: string; readonly since: Date }
  /** The key belongs to another request. */
  | { readonly outcome: 'other-request' };

export interface Reservation {
  /** A UUID that the caller makes. The certificate gets the same id. */
  readonly id: string;
  readonly authorityId: string;
  /** Key of the authority that signs. */
  readonly authorityKeyId: string;
  /** The serial number as its content octets: up to 20, the first below 0x80. Unique in the whole store. */
  readonly serial: Uint8Array;
  /** SHA-256 of the content that is about to be signed, if it is known. */
  readonly tbsDigest?: Uint8Array;
  readonly principal: string;
  readonly profile: string;
  readonly profileVersion: number;
  readonly requestedAt: Date;
}

export interface NewReservation extends Reservation {
  /** SHA-256 of the SubjectPublicKeyInfo that will be certified. */
  readonly keyId?: Uint8Array;
  readonly idempotency?: IdempotencyKey;
}

export type ReservationOutcome =
  | { readonly outcome: 'reserved' }
  /** Draw another serial number. */
  | { readonly outcome: 'serial-taken' }
  /** There is no such authority, or it is not enabled, or the key is not its active one. */
  | { readonly outcome: 'authority-unavailable' }
  /** A certificate of the key was revoked with keyCompromise. */
  | { readonly outcome: 'key-compromised' }
  | IdempotencyConflict;

export interface Completion {
  /** Its id, authority and serial are those of the reservation. */
  readonly certificate: Certificate;
  readonly audit: AuditEvent;
  readonly webhooks?: readonly NewWebhook[];
}

export interface Abandonment {
  readonly reservationId: string;
  readonly at: Date;
  /** For operators. It contains no secret. */
  readonly reason: string;
  readonly audit: AuditEvent;
}

export interface IssuanceStore {
  /** The reservation is on disk when this resolves. */
  reserve(reservation: NewReservation): Promise<ReservationOutcome>;
  /**
   * Stores the certificate, the audit record and the result for the Idempotency-Key, all or nothing, and closes the
   * reservation. All is on disk when this resolves. Calling it again with the same certificate changes nothing and returns
   * `stored`, so it can be retried when the outcome of a call is unknown.
   */
  complete(completion: Completion): Promise<'stored' | 'not-reserved'>;
  /** Closes the reservation without a certificate. The serial is never used again, the Idempotency-Key can be. */
  abandon(abandonment: Abandonment): Promise<'abandoned' | 'not-reserved'>;
  /** Reservations requested before `before` that are neither complete nor abandoned, the oldest first. */
  listOpenReservations(page: {
    readonly before: Date;
    readonly limit: number;
  }): Promise<readonly Reservation[]>;
  /** What a request with this key would get; undefined if the key is new. */
  findIdempotent(key: IdempotencyKey): Promise<IdempotencyConflict | undefined>;
  /** Forgets keys of completed requests that began before `before`, the oldest first, at most `limit`. Returns how many. */
  forgetIdempotencyKeys(old: { readonly before: Date; readonly limit: number }): Promise<number>;
}
