/** Import of RSA, EC and Ed25519 private keys. */

import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { signClassical, verifyClassical } from '../algorithms/classical.ts';
import { assertClassicalPrivateKey } from '../formats/classical-private-key.ts';
import type { ClassicalKeyAlgorithm } from '../formats/key-algorithm.ts';
import { invalidPrivateKey, privateKeyInfoParts, type PrivateKeyInfo } from '../formats/private-key-info.ts';
import { ClassicalSigningKey } from './classical-signing-key.ts';

/** Throws PkiError. */
export async function importClassicalKey(
  algorithm: ClassicalKeyAlgorithm,
  info: PrivateKeyInfo,
): Promise<ClassicalSigningKey> {
  assertClassicalPrivateKey(algorithm, info.privateKey);
  const keyObject = readKeyObject(info);
  const key = new ClassicalSigningKey(keyObject);
  await requirePairwiseConsistency(key, keyObject);
  return key;
}

/**
 * OpenSSL is given version 0 without attributes, whatever came. A Buffer is off the heap, however short: the key of
 * Ed25519 is (src/base/octets.ts).
 */
function readKeyObject({ algorithm, privateKey }: PrivateKeyInfo): KeyObject {
  const pkcs8 = Buffer.concat(privateKeyInfoParts(algorithm, [privateKey]));
  try {
    return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  } catch {
    throw invalidPrivateKey('the private key is none of its algorithm');
  } finally {
    pkcs8.fill(0);
  }
}

const MESSAGE = new TextEncoder().encode('pairwise consistency test');

/** OpenSSL takes the public half of an RSA or EC key as it comes, even where it belongs to another private half. */
async function requirePairwiseConsistency(
  { digest }: ClassicalSigningKey,
  keyObject: KeyObject,
): Promise<void> {
  const publicKey = createPublicKey(keyObject);
  const isConsistent = await signClassical(keyObject, digest, MESSAGE)
    .then((signature) => verifyClassical(publicKey, { digest }, MESSAGE, signature))
    // numbers that are no key can make OpenSSL fail
    .catch(() => false);
  if (!isConsistent)
    throw invalidPrivateKey('the public half of the key does not belong to its private half');
}
