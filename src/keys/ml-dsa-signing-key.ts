import type { Cryptography } from '../algorithms/cryptography.ts';
import type { EngineKey } from '../algorithms/ml-dsa/engine.ts';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { encodeMlDsaPrivateKey } from '../formats/ml-dsa-private-key.ts';
import { ML_DSA_ALGORITHM } from '../formats/key-algorithm.ts';
import type { KeyFormat, PublicKey, PrivateKey } from './key.ts';
import { encodeMlDsaPublicKey } from '../formats/subject-public-key-info.ts';

export type MlDsa = Pick<Cryptography, 'engine' | 'expandedKeys'>;

export class MlDsaSigningKey implements PrivateKey {
  readonly publicKey: PublicKey;
  readonly signatureAlgorithm: Der;
  readonly #mlDsa: MlDsa;
  readonly #key: EngineKey;
  readonly #expandedKey: Uint8Array | undefined;

  /** `expandedKey` is given for a key that was imported without its seed; `destroy` zeroes it. */
  constructor(mlDsa: MlDsa, key: EngineKey, expandedKey?: Uint8Array) {
    this.publicKey = mlDsaPublicKey(key.parameterSet, key.publicKey);
    this.signatureAlgorithm = ML_DSA_ALGORITHM[key.parameterSet];
    this.#mlDsa = mlDsa;
    this.#key = key;
    this.#expandedKey = expandedKey;
  }

  sign(message: Uint8Array): Promise<Uint8Array> {
    return this.#mlDsa.engine.sign(this.#key, message);
  }

  signVerified(message: Uint8Array, key: PublicKey): Promise<Uint8Array | undefined> {
    return this.#mlDsa.engine.signVerified(this.#key, message, key.bits);
  }

  async exportPkcs8(format: KeyFormat = 'seed'): Promise<Uint8Array> {
    const seed = this.#key.exportSeed();
    if (seed === undefined) return this.#exportWithoutSeed(format);
    try {
      return await this.#exportWithSeed(format, seed);
    } finally {
      seed.fill(0);
    }
  }

  destroy(): void {
    this.#key.destroy();
    this.#expandedKey?.fill(0);
  }

  async #exportWithSeed(format: KeyFormat, seed: Uint8Array): Promise<Uint8Array> {
    const { parameterSet } = this.#key;
    if (format === 'seed') return encodeMlDsaPrivateKey(parameterSet, { seed });
    const expandedKey = await this.#mlDsa.expandedKeys.expand(parameterSet, seed);
    try {
      return encodeMlDsaPrivateKey(parameterSet, format === 'both' ? { seed, expandedKey } : { expandedKey });
    } finally {
      expandedKey.fill(0);
    }
  }

  #exportWithoutSeed(format: KeyFormat): Uint8Array {
    // RFC 9881 §8.1
    if (format !== 'expanded' || this.#expandedKey === undefined)
      throw new PkiError(
        'invalid-key-options',
        `The key was imported without its seed, which cannot be computed from the expanded key; the format must be "expanded", got "${format}"`,
      );
    return encodeMlDsaPrivateKey(this.#key.parameterSet, { expandedKey: this.#expandedKey });
  }
}

/** `publicKey` is pk, in the length of the parameter set. */
export function mlDsaPublicKey(parameterSet: MlDsaParameterSetName, publicKey: Uint8Array): PublicKey {
  const spki = encodeMlDsaPublicKey(parameterSet, publicKey);
  return { family: 'ml-dsa', algorithm: parameterSet, spki, bits: spki.subarray(-publicKey.length) };
}
