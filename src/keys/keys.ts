/** Keys of every algorithm, behind one port. */

import type { Cryptography } from '../algorithms/cryptography.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import { invalidPrivateKey, readPrivateKeyInfo } from '../formats/private-key-info.ts';
import type { Keys } from './key.ts';
import { FAMILIES, familyOfKey, familyOfName, familyOfSignature } from './registry.ts';

/** Closing the keys closes `cryptography`. */
export const createKeys = (cryptography: Cryptography): Keys => ({
  engineName: cryptography.engine.name,

  generate: (algorithm) => familyOfName(algorithm).generate(cryptography, algorithm),

  async importPrivateKey(pkcs8) {
    const info = readPrivateKeyInfo(pkcs8);
    const algorithm = readAlgorithmIdentifier(info.algorithm);
    const key = await familyOfKey(algorithm.oid).importPrivateKey(cryptography, algorithm, info);
    if (info.publicKey === undefined || Buffer.compare(info.publicKey, key.publicKey.bits) === 0) return key;
    key.destroy();
    throw invalidPrivateKey('The public key in the OneAsymmetricKey must be that of the private key');
  },

  async verify(key, signatureAlgorithm, message, signature) {
    const algorithm = readAlgorithmIdentifier(signatureAlgorithm);
    const family = familyOfSignature(algorithm.oid);
    const verify = family.verifier(algorithm);
    return family === FAMILIES[key.family] && verify(cryptography, key, message, signature);
  },

  close: () => cryptography.close(),
});
