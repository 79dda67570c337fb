/** What the responder needs of the rest of the service. */

import { PkiError, SERVICE_FAULTS } from '../base/errors.ts';
import type { AuthorityKey } from '../storage/ports.ts';
import type { PublicKey, Signer } from '../keys/key.ts';
import type { IssuerIdentity } from '../x509/ocsp/cert-id.ts';
import type { OcspErrorStatus } from '../x509/ocsp/response-writer.ts';

/** A key that issues, or issued, certificates. */
export interface IssuerKey {
  /** Of the authority key, in the store. */
  readonly id: string;
  /** Of every authority key with the same name and key, the own one first: a CertID does not distinguish them. */
  readonly keyIds: readonly string[];
  readonly authorityId: string;
  readonly identity: IssuerIdentity;
  readonly key: AuthorityKey;
  /** As in its certificate. */
  readonly publicKey: PublicKey;
}

/** Signs the responses about the certificates of one issuer. */
export interface ResponderKey {
  readonly signer: Signer;
  /** As in the certificate of the signer: the key by which a relying party verifies the response. */
  readonly publicKey: PublicKey;
  /** DER, sent with each response; none when the signer is the issuer itself. */
  readonly certificates: readonly Uint8Array[];
  /** When the certificate of a delegated responder starts and ends. */
  readonly validity?: { readonly notBefore: Date; readonly notAfter: Date };
  /** Destroys a key that is in this process only. */
  readonly destroy?: () => void;
}

/** As in the store (`storage/port/revocation.ts`). */
export interface KnownStatus {
  readonly status: 'reserved' | 'issued' | 'revoked';
  readonly revocation?: { readonly revokedAt: Date; readonly reason: number };
}

/** Each method rejects with PkiError `store-unavailable` while the store cannot be used. */
export interface RevocationSource {
  /** Undefined for a serial number that the key never got. */
  serialStatus(query: {
    readonly authorityKeyId: string;
    readonly serial: Uint8Array;
  }): Promise<KnownStatus | undefined>;
  /** Changes with every revocation, hold and release of the key. */
  revocationRevision(authorityKeyId: string): Promise<number>;
}

export interface ResponderKeySource {
  /** Every key with a certificate, retired ones included. */
  listIssuerKeys(): Promise<readonly IssuerKey[]>;
  /** Makes a key and has it certified by the issuer. Undefined if the issuer cannot issue, such as a retired key. */
  delegate(issuer: IssuerKey): Promise<ResponderKey | undefined>;
  /** The key of the issuer itself. */
  authority(issuer: IssuerKey): Promise<ResponderKey>;
}

export const REPLY_SOURCES = Object.freeze(['cache', 'signed', 'none'] as const);
/** Where the octets of a reply are from. */
export type ReplySource = (typeof REPLY_SOURCES)[number];

export const CERT_STATUSES = Object.freeze(['good', 'revoked', 'unknown'] as const);

/** Measures the responder. Every label has a closed list of values. */
export interface OcspObserver {
  /** `age`: seconds since `thisUpdate`; absent for an error. */
  replied(status: 'successful' | OcspErrorStatus, source: ReplySource, age?: number): void;
  /** What one response says about each of its certificates. */
  stated(status: (typeof CERT_STATUSES)[number]): void;
  signed(seconds: number): void;
  /** A fault that only the operator should know of. */
  failed(error: unknown): void;
  /** The clock was ahead: thisUpdate is so many seconds ahead of it now; 0 when the clock is there again. */
  ahead?(seconds: number): void;
}

/** Resolves when the work of one signature may begin. Rejects with {@link RefusedError} when it may not. */
export type Admission = () => Promise<void>;

/** The service has no capacity for a signature now, or the client had its share. */
export class RefusedError extends Error {
  constructor() {
    super('The signature was not admitted');
    this.name = 'RefusedError';
  }
}

/** Whether the same request can succeed later: a part of the service cannot be used now. Everything else is a bug. */
export const isTemporary = (error: unknown): boolean =>
  error instanceof RefusedError || (error instanceof PkiError && SERVICE_FAULTS.has(error.code));
