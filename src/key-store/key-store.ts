/**
 * The private keys of authorities at rest. A key store in hardware or in a cloud (PKCS #11, KMS) keeps the private keys
 * itself, and its signers send the message, or for ML-DSA the 64 octets of μ (FIPS 204 §6.2).
 */

import type { KeyAlgorithmName, PrivateKey, Signer } from '../keys/key.ts';

/** Names a key for good. A sealed key opens under its own identity only. */
export interface KeyIdentity {
  readonly authorityId: string;
  readonly keyId: string;
}

/** What is stored of a private key. Means nothing without the key store. */
export interface KeyMaterial {
  /** The private key, encrypted. */
  readonly sealed?: Uint8Array;
  /** Where a key store finds a key that it does not export. */
  readonly keyReference?: string;
}

export interface StoredKey {
  readonly signer: Signer;
  /** To be stored, and passed to {@link KeyStore.open} later. */
  readonly material: KeyMaterial;
}

/** Every method rejects with PkiError key-unavailable when the key store cannot be used. */
export interface KeyStore {
  /** Makes a new key. */
  generate(identity: KeyIdentity, algorithm: KeyAlgorithmName): Promise<StoredKey>;
  /** Seals a key that exists. Takes ownership of it: the caller must not use or destroy it later. */
  seal(identity: KeyIdentity, key: PrivateKey): Promise<StoredKey>;
  /** Returns the signer, which this process opens once: later calls return the same signer. */
  open(identity: KeyIdentity, material: KeyMaterial): Promise<Signer>;
  /** Seals the same key again, under the newest sealing key. Returns undefined when it is sealed so already. */
  replace(identity: KeyIdentity, sealed: Uint8Array): Promise<Uint8Array | undefined>;
  /** Destroys the key in memory, such as a new one that could not be stored. Its signer throws afterwards. */
  forget(identity: KeyIdentity): void;
  /** Destroys every key in memory. */
  close(): void;
}
