/**
 * The port to the store of the authority service. Each method is one whole transaction. A write is on disk when its
 * promise resolves; no transaction object leaves an adapter. Arguments and results can be cloned (structuredClone), so
 * an adapter can run in another thread.
 *
 * The store never contains the private key of an end entity. A private key of an authority, or of the service itself, is
 * there in sealed form only.
 *
 * Every method rejects with PkiError `store-unavailable` within two seconds while the store cannot be used, and works
 * again as soon as the store does. Expected results, such as a serial number that is in use, are part of the result.
 */

import type { AuditStore } from './port/audit.ts';
import type { AuthorityStore, ProfileStore } from './port/authorities.ts';
import type { CertificateStore } from './port/certificates.ts';
import type { CrlStore } from './port/crls.ts';
import type { IssuanceStore } from './port/issuance.ts';
import type { RevocationStore } from './port/revocation.ts';
import type { ServiceKeyStore } from './port/service-keys.ts';
import type { WebhookStore } from './port/webhooks.ts';

export type * from './port/audit.ts';
export type * from './port/authorities.ts';
export type * from './port/certificates.ts';
export type * from './port/crls.ts';
export type * from './port/issuance.ts';
export type * from './port/revocation.ts';
export type * from './port/service-keys.ts';
export type * from './port/webhooks.ts';

/** `connection`: no connection or no file. `writing`: reading works, writing does not, for example on a full disk. */
export type StoreFault = 'connection' | 'writing';

export interface Store
  extends
    AuthorityStore,
    ProfileStore,
    IssuanceStore,
    CertificateStore,
    RevocationStore,
    CrlStore,
    AuditStore,
    ServiceKeyStore,
    WebhookStore {
  /** For messages and metrics. */
  readonly kind: 'sqlite' | 'postgresql';
  /** Writes and reads. Returns which part does not work; undefined for a store that works. It never rejects. */
  fault(): Promise<StoreFault | undefined>;
  /** Finishes what was begun, then closes. Later calls reject with `store-unavailable`. */
  close(): Promise<void>;
}
