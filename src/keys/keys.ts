/** Keys of every algorithm, behind one port. */

import { generateClassicalKey, verifyClassical } from '../algorithms/classical.ts';
import type { Cryptography } from '../algorithms/cryptography.ts';
import { ML_DSA_PARAMETER_SETS, type MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { readKeyAlgorithm } from '../formats/key-algorithm.ts';
import { invalidPrivateKey, readPrivateKeyInfo, type PrivateKeyInfo } from '../formats/private-key-info.ts';
import { readSignatureAlgorithm } from '../formats/signature-algorithm.ts';
import { importClassicalKey } from './classical-import.ts';
import { ClassicalSigningKey } from './classical-signing-key.ts';
import type { KeyAlgorithmName, Keys, PrivateKey } from './key.ts';
import { importMlDsaKey } from './ml-dsa-import.ts';
import { MlDsaSigningKey } from './ml-dsa-signing-key.ts';
import { keyObjectOf } from './public-key.ts';

/** Closing the keys closes `cryptography`. */
export const createKeys = (cryptography: Cryptography): Keys => ({
  engineName: cryptography.engine.name,

  async generate(algorithm) {
    return isSecurityLevel(algorithm)
      ? new MlDsaSigningKey(cryptography, await cryptography.engine.generateKey(algorithm))
      : new ClassicalSigningKey(await generateClassicalKey(algorithm));
  },

  async importPrivateKey(pkcs8) {
    const info = readPrivateKeyInfo(pkcs8);
    const key = await importKey(cryptography, info);
    if (info.publicKey === undefined || Buffer.compare(info.publicKey, key.publicKey.bits) === 0) return key;
    key.destroy();
    throw invalidPrivateKey('the public key beside the private key is not its own');
  },

  async verify(key, signatureAlgorithm, message, signature) {
    const scheme = readSignatureAlgorithm(signatureAlgorithm);
    if (scheme.family !== key.family) return false;
    if (scheme.family !== 'ml-dsa') return verifyClassical(keyObjectOf(key.spki), scheme, message, signature);
    if (scheme.parameterSet !== key.algorithm) return false;
    return cryptography.engine.verify(scheme.parameterSet, key.bits, message, signature);
  },

  close: () => cryptography.close(),
});

const isSecurityLevel = (algorithm: KeyAlgorithmName): algorithm is MlDsaParameterSetName =>
  ML_DSA_PARAMETER_SETS.some((parameterSet) => parameterSet === algorithm);

function importKey(cryptography: Cryptography, info: PrivateKeyInfo): Promise<PrivateKey> {
  const algorithm = readKeyAlgorithm(info.algorithm);
  return algorithm.family === 'ml-dsa'
    ? importMlDsaKey(cryptography, algorithm.parameterSet, info.privateKey)
    : importClassicalKey(algorithm, info);
}
