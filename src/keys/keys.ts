/** Keys of every algorithm, behind one port. */

import type { Cryptography } from '../algorithms/cryptography.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import { invalidPrivateKey, readPrivateKeyInfo } from '../formats/private-key-info.ts';
import type { Reading } from '../formats/reading.ts';
import { encodeSubjectPublicKeyInfo, readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { Keys, PrivateKey } from './key.ts';
import { isSameKey } from './public-key.ts';
import { FAMILIES, familyOfKey, familyOfName, familyOfSignature } from './registry.ts';

/** Closing the keys closes `cryptography`. */
export const createKeys = (cryptography: Cryptography): Keys => ({
  engineName: cryptography.engine.name,

  generate: (algorithm) => familyOfName(algorithm).generate(cryptography, algorithm),

  async importPrivateKey(pkcs8, reading) {
    const info = readPrivateKeyInfo(pkcs8, reading);
    const algorithm = readAlgorithmIdentifier(info.algorithm);
    const key = await familyOfKey(algorithm.oid).importPrivateKey(cryptography, algorithm, info, reading);
    if (info.publicKey === undefined || isPublicKeyOf(key, info.publicKey, reading)) return key;
    key.destroy();
    throw invalidPrivateKey('The public key in the OneAsymmetricKey must be that of the private key');
  },

  async verify(key, signatureAlgorithm, message, signature, reading) {
    const algorithm = readAlgorithmIdentifier(signatureAlgorithm);
    const family = familyOfSignature(algorithm.oid);
    const verify = family.verifier(algorithm, reading);
    return family === FAMILIES[key.family] && verify(cryptography, key, message, signature);
  },

  close: () => cryptography.close(),
});

/** `bits` are the octets of subjectPublicKey. */
function isPublicKeyOf({ publicKey }: PrivateKey, bits: Uint8Array, reading?: Reading): boolean {
  const { algorithm } = readSubjectPublicKeyInfo(publicKey.spki);
  return isSameKey(publicKey, encodeSubjectPublicKeyInfo(algorithm, bits), reading);
}
