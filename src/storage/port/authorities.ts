/** Authorities with their keys, and the versions of profiles. */

import type { JsonObject } from '../../base/canonical-json.ts';
import type { AuditEvent } from './audit.ts';
import type { IdempotencyConflict, IdempotencyKey } from './issuance.ts';

/** `pending`: the CSR was made, and the certificate signed elsewhere is not imported yet. */
export type AuthorityStatus = 'pending' | 'enabled' | 'disabled';

export interface Authority {
  /** A UUID that the caller makes. */
  readonly id: string;
  /** Unique, ignoring case. */
  readonly name: string;
  readonly status: AuthorityStatus;
  /** The authority that signed the certificate, if it is in this store. */
  readonly parentId?: string;
  /** Choices of the operator, opaque to the store, such as CRL distribution points. */
  readonly settings: JsonObject;
  readonly createdAt: Date;
  /** 1 at first. Each change of the authority and each new key or certificate adds 1. */
  readonly revision: number;
}

/** `active`: signs certificates; one at most. `retired`: signs CRLs only. `pending`: has no certificate yet. */
export type AuthorityKeyState = 'pending' | 'active' | 'retired';

/** A key of an authority with its certificate. Each rotation adds one. */
export interface AuthorityKey {
  /** Unique in the store, made by the caller. */
  readonly id: string;
  readonly authorityId: string;
  /** 1 for the first key, then without a gap. */
  readonly generation: number;
  readonly state: AuthorityKeyState;
  /** Name of the algorithm, such as `ML-DSA-65`. */
  readonly algorithm: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** The private key sealed by the key store. Missing if the signer is elsewhere. Never the key itself. */
  readonly sealed?: Uint8Array;
  /** Where a signer without an export finds the key, such as the URI of a KMS or PKCS #11. */
  readonly keyReference?: string;
  /** CSR, DER, if the certificate is signed elsewhere. */
  readonly csr?: Uint8Array;
  /** DER. Present unless the state is `pending`. */
  readonly certificate?: Uint8Array;
  /** Certificates above, DER, issuer of the certificate first. */
  readonly chain: readonly Uint8Array[];
  readonly createdAt: Date;
}

/** The generation is given by the store. */
export type NewAuthorityKey = Omit<AuthorityKey, 'authorityId' | 'generation'>;

export interface NewAuthority {
  readonly authority: Omit<Authority, 'revision'>;
  readonly key: NewAuthorityKey;
  readonly audit: AuditEvent;
  /** The result reference is the id of the authority. */
  readonly idempotency?: IdempotencyKey;
}

export type AuthorityCreation =
  | { readonly outcome: 'created'; readonly authority: Authority; readonly key: AuthorityKey }
  /** The name, the id of the authority or the id of the key is in use. */
  | { readonly outcome: 'name-taken' | 'id-taken' }
  | IdempotencyConflict;

/** `conflict`: the revision or the state of the key is not the expected one, or the id of the key is in use. */
export type AuthorityChange =
  | { readonly outcome: 'changed'; readonly authority: Authority }
  | { readonly outcome: 'not-found' | 'conflict' };

/**
 * Members that are undefined stay as they are. The status of a pending authority cannot be set, and an authority whose
 * certificate is revoked cannot be enabled: `conflict`.
 */
export interface AuthorityUpdate {
  readonly id: string;
  readonly status?: AuthorityStatus;
  readonly settings?: JsonObject;
  /** The change is refused unless the authority has this revision. */
  readonly expectedRevision?: number;
  /** SHA-256 of the SubjectPublicKeyInfo of its key, which is compromised: it is never certified again. */
  readonly compromisedKeyId?: Uint8Array;
  readonly audit: AuditEvent;
}

/** A rotation, or a key that waits for its certificate. A new active key retires the active one. */
export interface KeyAddition {
  readonly authorityId: string;
  readonly key: NewAuthorityKey;
  readonly expectedRevision?: number;
  readonly audit: AuditEvent;
}

/** Gives a pending key its certificate. The key becomes active and retires the active one. A pending authority is enabled. */
export interface CertificateImport {
  readonly keyId: string;
  readonly certificate: Uint8Array;
  readonly chain: readonly Uint8Array[];
  readonly audit: AuditEvent;
}

/** Replaces the sealed form of a key, because the key that encrypts it changes. `expected` is what was read before. */
export interface Resealing {
  readonly keyId: string;
  readonly expected: Uint8Array;
  readonly sealed: Uint8Array;
  readonly audit: AuditEvent;
}

/** An authority whose certificate is revoked by the time that it is stored is disabled at once. */
export interface AuthorityStore {
  createAuthority(creation: NewAuthority): Promise<AuthorityCreation>;
  getAuthority(id: string): Promise<Authority | undefined>;
  /** Ignores case. */
  findAuthority(name: string): Promise<Authority | undefined>;
  /** By name, after `after`. */
  listAuthorities(page: { readonly after?: string; readonly limit: number }): Promise<readonly Authority[]>;
  updateAuthority(update: AuthorityUpdate): Promise<AuthorityChange>;
  /** By generation, the newest first. */
  listAuthorityKeys(authorityId: string): Promise<readonly AuthorityKey[]>;
  getAuthorityKey(id: string): Promise<AuthorityKey | undefined>;
  /** Every key of every authority that has a sealed form, by id, after `after`. */
  listSealedKeys(page: { readonly after?: string; readonly limit: number }): Promise<readonly AuthorityKey[]>;
  addAuthorityKey(addition: KeyAddition): Promise<AuthorityChange>;
  importAuthorityCertificate(imported: CertificateImport): Promise<AuthorityChange>;
  reseal(resealing: Resealing): Promise<AuthorityChange>;
}

export interface ProfileVersion {
  /** Unique, ignoring case. */
  readonly name: string;
  /** 1 for the first version, then without a gap. */
  readonly version: number;
  readonly document: JsonObject;
  readonly createdAt: Date;
  /** `Principal.id` of who wrote it. */
  readonly createdBy: string;
}

export interface ProfileAddition {
  /** The new version: one more than the latest, 1 for a new profile. */
  readonly profile: ProfileVersion;
  readonly audit: AuditEvent;
}

export interface ProfileStore {
  /** Returns `conflict` unless the version is one more than the latest. Versions are never changed. */
  addProfileVersion(addition: ProfileAddition): Promise<'added' | 'conflict'>;
  /** The latest version unless one is given. */
  getProfile(name: string, version?: number): Promise<ProfileVersion | undefined>;
  /** The latest version of each profile, by name, after `after`. */
  listProfiles(page: { readonly after?: string; readonly limit: number }): Promise<readonly ProfileVersion[]>;
}
