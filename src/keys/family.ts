/** What the service does with the keys of one family. `registry.ts` has a record for each family. */

import type { Cryptography } from '../algorithms/cryptography.ts';
import type { CertifiableAlgorithmName, KeyAlgorithmName } from '../algorithms/registry.ts';
import type { Der } from '../formats/der/header.ts';
import type { AlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { PrivateKeyInfo } from '../formats/private-key-info.ts';
import type { Reading } from '../formats/reading.ts';
import type { KeyPair, PrivateKey, PublicKey } from './key.ts';

/** A SubjectPublicKeyInfo, DER, and its parts. */
export interface SubjectPublicKey {
  readonly spki: Der;
  readonly algorithm: AlgorithmIdentifier;
  readonly bits: Uint8Array;
}

/** Keys that can be certified. */
export interface PublicKeyFamily {
  /** Name of the family in error messages. */
  readonly title: string;
  /** OIDs in the AlgorithmIdentifier of a key. */
  readonly keyOids: readonly string[];
  /**
   * Returns the key in the encoding that is written. The reading is strict unless given, here and below. Throws PkiError
   * invalid-der, invalid-public-key or unsupported-algorithm.
   */
  readPublicKey(key: SubjectPublicKey, reading?: Reading): PublicKey;
}

/** Keys that can be generated and imported. `Algorithm` names those of the family, and `Key` is what they can do. */
interface KeyPairFamily<Algorithm, Key extends KeyPair> extends PublicKeyFamily {
  /** `algorithm` belongs to this family. */
  generate(cryptography: Cryptography, algorithm: Algorithm): Promise<Key>;
  /** `algorithm` is that of `info`, and has one of `keyOids`. Throws PkiError. */
  importPrivateKey(
    cryptography: Cryptography,
    algorithm: AlgorithmIdentifier,
    info: PrivateKeyInfo,
    reading?: Reading,
  ): Promise<Key>;
}

/** Keys that establish a shared secret, and cannot sign. */
export type EncapsulationFamily = KeyPairFamily<CertifiableAlgorithmName, KeyPair>;

/** Keys that can sign. */
export interface SigningFamily extends KeyPairFamily<KeyAlgorithmName, PrivateKey> {
  /** Name of the signatures in error messages. */
  readonly signatureTitle: string;
  /** OIDs in the AlgorithmIdentifier of a signature. */
  readonly signatureOids: readonly string[];
  /** Returns the function that verifies signatures of `algorithm`. Throws PkiError unsupported-algorithm. */
  verifier(algorithm: AlgorithmIdentifier, reading?: Reading): Verifier;
}

/** Returns whether the signature is valid. `key` belongs to the family. */
export type Verifier = (
  cryptography: Cryptography,
  key: PublicKey,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>;
