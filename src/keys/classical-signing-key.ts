import { createPublicKey, type KeyObject } from 'node:crypto';
import { CLASSICAL, CLASSICAL_NAMES, signClassical, type Digest } from '../algorithms/classical.ts';
import type { Der } from '../formats/der/header.ts';
import { checkDer } from '../formats/der/strict.ts';
import { SIGNATURE_ALGORITHM } from '../formats/signature-algorithm.ts';
import type { PublicKey, PrivateKey } from './key.ts';
import { readPublicKey } from './public-key.ts';

/** RSA (PKCS #1 v1.5), ECDSA or Ed25519. The constructor throws PkiError for a key that `readPublicKey` refuses. */
export class ClassicalSigningKey implements PrivateKey {
  readonly publicKey: PublicKey;
  readonly signatureAlgorithm: Der;
  /** None for Ed25519. */
  readonly digest: Digest | null;
  #privateKey: KeyObject | undefined;

  constructor(privateKey: KeyObject) {
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    this.publicKey = readPublicKey(checkDer(new Uint8Array(spki)));
    this.digest = digestOf(this.publicKey, privateKey);
    this.signatureAlgorithm = signatureAlgorithmOf(this.publicKey, this.digest);
    this.#privateKey = privateKey;
  }

  async sign(message: Uint8Array): Promise<Uint8Array> {
    return signClassical(this.#usableKey(), this.digest, message);
  }

  async exportPkcs8(): Promise<Uint8Array> {
    return this.#usableKey().export({ format: 'der', type: 'pkcs8' });
  }

  /** OpenSSL zeroes the key when the garbage collector frees the KeyObject. */
  destroy(): void {
    this.#privateKey = undefined;
  }

  #usableKey(): KeyObject {
    if (this.#privateKey === undefined) throw new Error('this private key was destroyed');
    return this.#privateKey;
  }
}

/** Up to this modulus RSA is no stronger than SHA-256; in bits. */
const SHA256_MODULUS = 3072;

/** That of a generated key of the same name; an imported RSA key can have other sizes. */
function digestOf({ algorithm }: PublicKey, privateKey: KeyObject): Digest | null {
  const name = CLASSICAL_NAMES.find((known) => known === algorithm);
  if (name !== undefined) return CLASSICAL[name].digest;
  const modulusLength = privateKey.asymmetricKeyDetails?.modulusLength ?? 0;
  return modulusLength <= SHA256_MODULUS ? 'sha256' : 'sha384';
}

function signatureAlgorithmOf({ family }: PublicKey, digest: Digest | null): Der {
  if (digest === null) return SIGNATURE_ALGORITHM.ed25519;
  return family === 'rsa' ? SIGNATURE_ALGORITHM.rsa[digest] : SIGNATURE_ALGORITHM.ecdsa[digest];
}
