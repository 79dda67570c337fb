/** Keys of the service itself, which are not those of an authority. */

import type { AuditEvent } from './audit.ts';

/** `audit`: signs checkpoints of the audit chain. */
export type ServiceKeyPurpose = 'audit';

export interface ServiceKey {
  /** A UUID that the caller makes. */
  readonly id: string;
  /** One key for each. */
  readonly purpose: ServiceKeyPurpose;
  /** Name of the algorithm, such as `ml-dsa-65`. */
  readonly algorithm: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** The private key sealed by the key store. Missing if the signer is elsewhere. Never the key itself. */
  readonly sealed?: Uint8Array;
  /** Where a signer without an export finds the key. */
  readonly keyReference?: string;
  readonly createdAt: Date;
}

export interface ServiceKeyAddition {
  readonly key: ServiceKey;
  readonly audit: AuditEvent;
}

/** `expected` is the sealed form that was read before. */
export interface ServiceKeyResealing {
  readonly id: string;
  readonly expected: Uint8Array;
  readonly sealed: Uint8Array;
  readonly audit: AuditEvent;
}

export interface ServiceKeyStore {
  getServiceKey(purpose: ServiceKeyPurpose): Promise<ServiceKey | undefined>;
  /** Returns `conflict` if there is a key for this purpose. */
  addServiceKey(addition: ServiceKeyAddition): Promise<'added' | 'conflict'>;
  /** Returns `conflict` if the key has another sealed form by now. */
  resealServiceKey(resealing: ServiceKeyResealing): Promise<'changed' | 'conflict'>;
}
