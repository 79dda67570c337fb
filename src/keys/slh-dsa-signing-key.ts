import { createPublicKey, type KeyObject } from 'node:crypto';
import type { Cryptography } from '../algorithms/cryptography.ts';
import type { SlhDsaParameterSetName } from '../algorithms/slh-dsa/parameter-sets.ts';
import type { Der } from '../formats/der/header.ts';
import { slhDsaAlgorithm } from '../formats/key-algorithm.ts';
import { encodeSlhDsaPrivateKey } from '../formats/slh-dsa-private-key.ts';
import { encodeSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { PrivateKey, PublicKey } from './key.ts';

export class SlhDsaSigningKey implements PrivateKey {
  readonly publicKey: PublicKey;
  readonly signatureAlgorithm: Der;
  readonly #slhDsa: Cryptography['slhDsa'];
  readonly #parameterSet: SlhDsaParameterSetName;
  #privateKey: KeyObject | undefined;

  constructor(
    { slhDsa }: Pick<Cryptography, 'slhDsa'>,
    parameterSet: SlhDsaParameterSetName,
    privateKey: KeyObject,
  ) {
    this.signatureAlgorithm = slhDsaAlgorithm(parameterSet);
    this.publicKey = publicKeyOf(parameterSet, privateKey, this.signatureAlgorithm);
    this.#slhDsa = slhDsa;
    this.#parameterSet = parameterSet;
    this.#privateKey = privateKey;
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    return this.#slhDsa.sign(this.#usableKey(), message);
  }

  async exportPkcs8(): Promise<Uint8Array> {
    const privateKey = this.#usableKey().export({ format: 'raw-private' });
    try {
      return encodeSlhDsaPrivateKey(this.#parameterSet, privateKey);
    } finally {
      privateKey.fill(0);
    }
  }

  /** OpenSSL zeroes the key when the garbage collector frees the KeyObject. */
  destroy(): void {
    this.#privateKey = undefined;
  }

  #usableKey(): KeyObject {
    if (this.#privateKey === undefined) throw new Error('The private key was destroyed');
    return this.#privateKey;
  }
}

function publicKeyOf(parameterSet: SlhDsaParameterSetName, privateKey: KeyObject, algorithm: Der): PublicKey {
  const publicKey = createPublicKey(privateKey).export({ format: 'raw-public' });
  const spki = encodeSubjectPublicKeyInfo(algorithm, publicKey);
  return { family: 'slh-dsa', algorithm: parameterSet, spki, bits: spki.subarray(-publicKey.length) };
}
