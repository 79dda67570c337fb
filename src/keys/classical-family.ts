/** What RSA, ECDSA and Ed25519 have in common: node:crypto computes them, and reads and writes their private keys. */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import {
  generateClassicalKey,
  signClassical,
  verifyClassical,
  type ClassicalName,
  type Digest,
  type VerificationScheme,
} from '../algorithms/classical.ts';
import { readAlgorithmIdentifier, type AlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { Der } from '../formats/der/header.ts';
import { checkDer } from '../formats/der/strict.ts';
import { invalidPrivateKey, privateKeyInfoParts, type PrivateKeyInfo } from '../formats/private-key-info.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import { ClassicalSigningKey } from './classical-signing-key.ts';
import type { PublicKeyFamily, SigningFamily } from './family.ts';
import type { PublicKey } from './key.ts';
import { keyObjectOf } from './public-key-checks.ts';

/** What differs between the families. */
interface ClassicalFamily extends PublicKeyFamily, Pick<SigningFamily, 'signatureTitle' | 'signatureOids'> {
  /** Throws PkiError unsupported-algorithm. */
  readSignature(algorithm: AlgorithmIdentifier): VerificationScheme;
  /** Checks the contents of privateKey in a OneAsymmetricKey. Throws PkiError. */
  checkPrivateKey(algorithm: AlgorithmIdentifier, privateKey: Uint8Array): void;
  /** Returns how a key signs; `algorithm` is the AlgorithmIdentifier of the signature, DER. */
  signatureOf(key: PublicKey): { readonly digest: Digest | null; readonly algorithm: Der };
}

export const classicalFamily = (family: ClassicalFamily): SigningFamily => ({
  title: family.title,
  keyOids: family.keyOids,
  signatureTitle: family.signatureTitle,
  signatureOids: family.signatureOids,
  readPublicKey: (key) => family.readPublicKey(key),

  verifier(algorithm) {
    const scheme = family.readSignature(algorithm);
    return (_, { spki }, message, signature) =>
      verifyClassical(keyObjectOf(family.title, spki), scheme, message, signature);
  },

  generate: async (_, algorithm: ClassicalName) => signingKey(family, await generateClassicalKey(algorithm)),

  async importPrivateKey(_, algorithm, info) {
    family.checkPrivateKey(algorithm, info.privateKey);
    const keyObject = readKeyObject(family.title, info);
    const key = signingKey(family, keyObject);
    await requirePairwiseConsistency(key, keyObject);
    return key;
  },
});

/** Throws PkiError for a key that `readPublicKey` rejects. */
function signingKey(family: ClassicalFamily, privateKey: KeyObject): ClassicalSigningKey {
  const spki = checkDer(new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })));
  const { algorithm, bits } = readSubjectPublicKeyInfo(spki);
  const publicKey = family.readPublicKey({ spki, algorithm: readAlgorithmIdentifier(algorithm), bits });
  const signature = family.signatureOf(publicKey);
  return new ClassicalSigningKey(privateKey, publicKey, signature.digest, signature.algorithm);
}

/**
 * OpenSSL gets version 0 without attributes, in every case. The memory of a Buffer is outside the JavaScript heap, also that
 * of a short one such as an Ed25519 key (src/base/octets.ts).
 */
function readKeyObject(title: string, { algorithm, privateKey }: PrivateKeyInfo): KeyObject {
  const pkcs8 = Buffer.concat(privateKeyInfoParts(algorithm, [privateKey]));
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch {
    throw invalidPrivateKey(`The private key is not a valid ${title} key`);
  } finally {
    pkcs8.fill(0);
  }
}

const MESSAGE = new TextEncoder().encode('pairwise consistency test');

/** OpenSSL accepts the public half of an RSA or EC key unchecked, even when it belongs to another private half. */
async function requirePairwiseConsistency(
  { digest }: ClassicalSigningKey,
  keyObject: KeyObject,
): Promise<void> {
  const publicKey = createPublicKey(keyObject);
  const isConsistent = await signClassical(keyObject, digest, MESSAGE)
    .then((signature) => verifyClassical(publicKey, { digest }, MESSAGE, signature))
    // OpenSSL can fail with numbers that are not a key
    .catch(() => false);
  if (!isConsistent)
    throw invalidPrivateKey('The public half of the private key must belong to its private half');
}
