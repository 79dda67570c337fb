import type { Cryptography } from '../algorithms/cryptography.ts';
import type { MlKemParameterSetName } from '../algorithms/ml-kem/parameter-sets.ts';
import { PkiError } from '../base/errors.ts';
import { mlKemAlgorithm } from '../formats/key-algorithm.ts';
import { encodeMlKemPrivateKey } from '../formats/ml-kem-private-key.ts';
import { encodeSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { KeyFormat, KeyPair, PublicKey } from './key.ts';

/** The seed, or the expanded key of a key that was imported without its seed. */
type Secret =
  | { readonly seed: Uint8Array; readonly expandedKey?: undefined }
  | { readonly seed?: undefined; readonly expandedKey: Uint8Array };

export class MlKemKey implements KeyPair {
  readonly publicKey: PublicKey;
  readonly #mlKem: Cryptography['mlKem'];
  readonly #parameterSet: MlKemParameterSetName;
  readonly #secret: Secret;
  #isDestroyed = false;

  /** `publicKey` is ek; `destroy` zeroes the secret. */
  constructor(
    { mlKem }: Pick<Cryptography, 'mlKem'>,
    parameterSet: MlKemParameterSetName,
    publicKey: Uint8Array,
    secret: Secret,
  ) {
    const spki = encodeSubjectPublicKeyInfo(mlKemAlgorithm(parameterSet), publicKey);
    const bits = spki.subarray(-publicKey.length);
    this.publicKey = { family: 'ml-kem', algorithm: parameterSet, spki, bits };
    this.#mlKem = mlKem;
    this.#parameterSet = parameterSet;
    this.#secret = secret;
  }

  async exportPkcs8(format: KeyFormat = 'seed'): Promise<Uint8Array> {
    if (this.#isDestroyed) throw new Error('The private key was destroyed');
    const { seed, expandedKey } = this.#secret;
    if (seed === undefined) return this.#exportExpanded(format, expandedKey);
    if (format === 'seed') return encodeMlKemPrivateKey(this.#parameterSet, { seed });
    const expanded = await this.#mlKem.expand(this.#parameterSet, seed);
    try {
      const { expandedKey } = expanded;
      const parts = format === 'both' ? { seed, expandedKey } : { expandedKey };
      return encodeMlKemPrivateKey(this.#parameterSet, parts);
    } finally {
      expanded.expandedKey.fill(0);
    }
  }

  destroy(): void {
    this.#isDestroyed = true;
    this.#secret.seed?.fill(0);
    this.#secret.expandedKey?.fill(0);
  }

  #exportExpanded(format: KeyFormat, expandedKey: Uint8Array): Uint8Array {
    if (format === 'expanded') return encodeMlKemPrivateKey(this.#parameterSet, { expandedKey });
    throw new PkiError(
      'invalid-key-options',
      `The key was imported without its seed, which cannot be computed from the expanded key; the format must be "expanded", got "${format}"`,
    );
  }
}
