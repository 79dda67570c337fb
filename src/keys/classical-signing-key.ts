import type { Der } from '../formats/der/header.ts';
import type { KeyObject } from 'node:crypto';
import { signClassical, type SignatureScheme } from '../algorithms/classical.ts';
import type { PrivateKey, PublicKey } from './key.ts';

/** RSA, ECDSA or Ed25519. */
export class ClassicalSigningKey implements PrivateKey {
  readonly publicKey: PublicKey;
  readonly signatureAlgorithm: Der;
  readonly scheme: SignatureScheme;
  #privateKey: KeyObject | undefined;

  constructor(privateKey: KeyObject, publicKey: PublicKey, scheme: SignatureScheme, signatureAlgorithm: Der) {
    this.#privateKey = privateKey;
    this.publicKey = publicKey;
    this.scheme = scheme;
    this.signatureAlgorithm = signatureAlgorithm;
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    return signClassical(this.#usableKey(), this.scheme, message);
  }

  async exportPkcs8(): Promise<Uint8Array> {
    return this.#usableKey().export({ format: 'der', type: 'pkcs8' });
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
