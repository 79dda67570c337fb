/** Keys as the rest of the domain sees them, whatever their algorithm and engine. */

import type { Der } from '../formats/der/header.ts';
import type { PssParameters } from '../formats/pss-parameters.ts';
import type { Reading } from '../formats/reading.ts';
import type { CertifiableAlgorithmName, KeyAlgorithmName, KeyFamily } from '../algorithms/registry.ts';

export type { CertifiableAlgorithmName, KeyAlgorithmName, KeyFamily };

export interface PublicKey {
  readonly family: KeyFamily;
  /**
   * `ml-dsa-65`, `rsa-3072`, `ecdsa-p256`, `ed25519`, `rsassa-pss-3072`; an imported RSA key may have any size from 2048
   * bits.
   */
  readonly algorithm: string;
  /** For an RSA key that signs only with RSASSA-PSS: the parameters of its signatures, or `any` (RFC 4055 §1.2). */
  readonly pss?: PssParameters | 'any';
  /** SubjectPublicKeyInfo, DER, in the form that is written; what was read can differ (`Reading`). */
  readonly spki: Der;
  /** Value of subjectPublicKey without tag, length and unused bits; key identifiers are its hash. */
  readonly bits: Uint8Array;
}

/** The forms of a private key of ML-DSA (RFC 9881 §6) or ML-KEM (RFC 9935 §6). */
export const KEY_FORMATS = ['seed', 'expanded', 'both'] as const;
export type KeyFormat = (typeof KEY_FORMATS)[number];

/** Signs with a private key that may be out of reach: an HSM or a KMS has no export. */
export interface Signer {
  readonly publicKey: PublicKey;
  /** AlgorithmIdentifier of the signatures of this key, DER. */
  readonly signatureAlgorithm: Der;
  /** Returns the value of the signature BIT STRING: raw for ML-DSA and Ed25519, Ecdsa-Sig-Value for ECDSA. */
  sign(message: Uint8Array): Promise<Uint8Array>;
  /**
   * Signs, and verifies the signature with `key`, which is of the same algorithm, in one operation of the engine. Returns
   * undefined when it does not verify. Absent from a signer without such an operation.
   */
  signVerified?(message: Uint8Array, key: PublicKey): Promise<Uint8Array | undefined>;
}

/** A private key in the memory of this process, and its public key. */
export interface KeyPair {
  readonly publicKey: PublicKey;
  /**
   * Returns a OneAsymmetricKey of version 0, DER (RFC 5958 §2); the caller zeroes it. `format` applies to ML-DSA and ML-KEM
   * only. Throws PkiError invalid-key-options for a format with the seed when the key was imported without one.
   */
  exportPkcs8(format?: KeyFormat): Promise<Uint8Array>;
  /** Zeroes what can be zeroed. Every later call throws. */
  destroy(): void;
}

/** A key pair that signs. */
export interface PrivateKey extends Signer, KeyPair {}

/** Whether the private keys of a family have the three forms of {@link KEY_FORMATS}. */
export const hasKeyFormats = (family: KeyFamily): boolean => family === 'ml-dsa' || family === 'ml-kem';

/** Generates, imports and uses keys of every algorithm. */
export interface Keys {
  /** Name of the engine that computes ML-DSA. */
  readonly engineName: string;
  generate(algorithm: KeyAlgorithmName): Promise<PrivateKey>;
  /** {@link generate} also for keys that cannot sign. */
  generatePair(algorithm: CertifiableAlgorithmName): Promise<KeyPair>;
  /**
   * Reads OneAsymmetricKey (PKCS #8), DER, and checks its consistency (RFC 9881 §8.2). The reading is strict unless
   * given. Throws PkiError.
   */
  importPrivateKey(pkcs8: Der, reading?: Reading): Promise<PrivateKey>;
  /** {@link importPrivateKey} also for keys that cannot sign. */
  importPair(pkcs8: Der, reading?: Reading): Promise<KeyPair>;
  /**
   * Returns whether `signature` over `message` verifies with `key`; false also for an algorithm that does not fit the key.
   * `signatureAlgorithm` is the received AlgorithmIdentifier, DER. Throws PkiError unsupported-algorithm for an algorithm
   * that is unknown or not trusted, such as SHA-1. The reading of `signatureAlgorithm` is strict unless given.
   */
  verify(
    key: PublicKey,
    signatureAlgorithm: Der,
    message: Uint8Array,
    signature: Uint8Array,
    reading?: Reading,
  ): Promise<boolean>;
  close(): Promise<void>;
}
