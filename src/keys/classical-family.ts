/** What RSA, ECDSA and Ed25519 have in common: node:crypto computes them, and reads and writes their private keys. */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { countSecret } from '../algorithms/secret-objects.ts';
import {
  generateClassicalKey,
  signClassical,
  verifyClassical,
  type ClassicalName,
  type SignatureScheme,
} from '../algorithms/classical.ts';
import {
  encodeAlgorithmIdentifier,
  readAlgorithmIdentifier,
  type AlgorithmIdentifier,
} from '../formats/algorithm-identifier.ts';
import type { ClassicalPrivateKey } from '../formats/classical-private-key.ts';
import type { Der } from '../formats/der/header.ts';
import { checkDer } from '../formats/der/strict.ts';
import { invalidPrivateKey, KEY_PAIR, privateKeyInfoParts } from '../formats/private-key-info.ts';
import { STRICT, type Reading } from '../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import { ClassicalSigningKey } from './classical-signing-key.ts';
import type { PublicKeyFamily, SigningFamily } from './family.ts';
import type { PublicKey } from './key.ts';
import { keyObjectOf } from './public-key-checks.ts';

/** What differs between the families. The reading is strict unless given. */
interface ClassicalFamily extends PublicKeyFamily, Pick<SigningFamily, 'signatureTitle' | 'signatureOids'> {
  /** Throws PkiError unsupported-algorithm. */
  readSignature(algorithm: AlgorithmIdentifier, reading?: Reading): SignatureScheme;
  /** Whether the key itself allows signatures of `scheme`; every scheme is allowed unless given. */
  permits?(key: PublicKey, scheme: SignatureScheme): boolean;
  /** Checks the contents of privateKey in a OneAsymmetricKey. Throws PkiError. */
  readPrivateKey(
    algorithm: AlgorithmIdentifier,
    privateKey: Uint8Array,
    reading?: Reading,
  ): ClassicalPrivateKey;
  /** Returns how a key signs; `algorithm` is the AlgorithmIdentifier of the signature, DER. */
  signatureOf(key: PublicKey): { readonly scheme: SignatureScheme; readonly algorithm: Der };
}

export const classicalFamily = (family: ClassicalFamily): SigningFamily => ({
  title: family.title,
  keyOids: family.keyOids,
  signatureTitle: family.signatureTitle,
  signatureOids: family.signatureOids,
  readPublicKey: (key, reading) => family.readPublicKey(key, reading),

  verifier(algorithm, reading) {
    const scheme = family.readSignature(algorithm, reading);
    return async (_, key, message, signature) =>
      family.permits?.(key, scheme) !== false &&
      verifyClassical(keyObjectOf(family.title, key.spki), scheme, message, signature);
  },

  generate: async (_, algorithm: ClassicalName) =>
    signingKey(family, await generateClassicalKey(algorithm), STRICT),

  async importPrivateKey(_, algorithm, info, reading = STRICT) {
    const keyObject = keyObjectFrom(family.title, family.readPrivateKey(algorithm, info.privateKey, reading));
    const key = signingKey(family, keyObject, reading);
    await requirePairwiseConsistency(key, keyObject);
    return key;
  },
});

/** Throws PkiError for a key that `readPublicKey` rejects. */
function signingKey(family: ClassicalFamily, privateKey: KeyObject, reading: Reading): ClassicalSigningKey {
  const spki = checkDer(new Uint8Array(createPublicKey(privateKey).export({ format: 'der', type: 'spki' })));
  const { algorithm, bits } = readSubjectPublicKeyInfo(spki);
  const given = { spki, algorithm: readAlgorithmIdentifier(algorithm), bits };
  const publicKey = family.readPublicKey(given, reading);
  const signature = family.signatureOf(publicKey);
  return new ClassicalSigningKey(privateKey, publicKey, signature.scheme, signature.algorithm);
}

/**
 * OpenSSL gets version 0 without attributes, in every case. The memory of a Buffer is outside the JavaScript heap, also that
 * of a short one such as an Ed25519 key (src/base/octets.ts).
 */
function keyObjectFrom(title: string, { algorithm, parts }: ClassicalPrivateKey): KeyObject {
  const { oid, parameters } = algorithm;
  const pkcs8 = Buffer.concat(privateKeyInfoParts(encodeAlgorithmIdentifier(oid, parameters), parts));
  countSecret();
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
  { scheme }: ClassicalSigningKey,
  keyObject: KeyObject,
): Promise<void> {
  const publicKey = createPublicKey(keyObject);
  const isConsistent = await signClassical(keyObject, scheme, MESSAGE)
    .then((signature) => verifyClassical(publicKey, scheme, MESSAGE, signature))
    // OpenSSL can fail with numbers that are not a key
    .catch(() => false);
  if (!isConsistent)
    throw invalidPrivateKey('The public half of the private key must belong to its private half', KEY_PAIR);
}
