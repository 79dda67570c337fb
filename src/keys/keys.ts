/** Keys of every algorithm, behind one port. */

import { ML_KEM } from '../algorithms/ml-kem/parameter-sets.ts';
import type { Cryptography } from '../algorithms/cryptography.ts';
import { isSigningAlgorithm } from '../algorithms/registry.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { Der } from '../formats/der/header.ts';
import { invalidPrivateKey, readPrivateKeyInfo } from '../formats/private-key-info.ts';
import type { Reading } from '../formats/reading.ts';
import { encodeSubjectPublicKeyInfo, readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { EncapsulationFamily } from './family.ts';
import type { KeyPair, Keys } from './key.ts';
import { isSameKey } from './public-key.ts';
import {
  ALL_FAMILIES,
  ENCAPSULATION_FAMILIES,
  familyOfKey,
  familyOfName,
  familyOfSignature,
  signingFamilyOfKey,
} from './registry.ts';

/** Closing the keys closes `cryptography`. */
export const createKeys = (cryptography: Cryptography): Keys => ({
  engineName: cryptography.engine.name,

  generate: (algorithm) => familyOfName(algorithm).generate(cryptography, algorithm),

  generatePair: (algorithm) =>
    isSigningAlgorithm(algorithm)
      ? familyOfName(algorithm).generate(cryptography, algorithm)
      : ENCAPSULATION_FAMILIES[ML_KEM[algorithm].family].generate(cryptography, algorithm),

  importPrivateKey: (pkcs8, reading) => importKey(cryptography, signingFamilyOfKey, pkcs8, reading),

  importPair: (pkcs8, reading) => importKey<KeyPair>(cryptography, familyOfKey, pkcs8, reading),

  async verify(key, signatureAlgorithm, message, signature, reading) {
    const algorithm = readAlgorithmIdentifier(signatureAlgorithm);
    const family = familyOfSignature(algorithm.oid);
    const verify = family.verifier(algorithm, reading);
    return family === ALL_FAMILIES[key.family] && verify(cryptography, key, message, signature);
  },

  close: () => cryptography.close(),
});

async function importKey<Key extends KeyPair>(
  cryptography: Cryptography,
  familyOf: (oid: string) => Importer<Key>,
  pkcs8: Der,
  reading: Reading | undefined,
): Promise<Key> {
  const info = readPrivateKeyInfo(pkcs8, reading);
  const algorithm = readAlgorithmIdentifier(info.algorithm);
  const key = await familyOf(algorithm.oid).importPrivateKey(cryptography, algorithm, info, reading);
  if (info.publicKey === undefined || isPublicKeyOf(key, info.publicKey, reading)) return key;
  key.destroy();
  throw invalidPrivateKey('The public key in the OneAsymmetricKey must be that of the private key');
}

/** What imports the keys of a family. */
interface Importer<Key> {
  importPrivateKey(...input: Parameters<EncapsulationFamily['importPrivateKey']>): Promise<Key>;
}

/** `bits` are the octets of subjectPublicKey. */
function isPublicKeyOf({ publicKey }: KeyPair, bits: Uint8Array, reading?: Reading): boolean {
  const { algorithm } = readSubjectPublicKeyInfo(publicKey.spki);
  return isSameKey(publicKey, encodeSubjectPublicKeyInfo(algorithm, bits), reading);
}
