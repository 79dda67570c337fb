import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  standardName,
  type MlDsaParameterSetName,
} from '../algorithms/ml-dsa/parameter-sets.ts';
import {
  requireNoParameters,
  unsupported,
  type AlgorithmIdentifier,
} from '../formats/algorithm-identifier.ts';
import { mlDsaParameterSetOf } from '../formats/key-algorithm.ts';
import { describeOid } from '../formats/oids.ts';
import type { SigningFamily } from './family.ts';
import { importMlDsaKey } from './ml-dsa-import.ts';
import { MlDsaSigningKey } from './ml-dsa-signing-key.ts';
import { encodedAs, requireLength } from './public-key-checks.ts';

const OIDS: readonly string[] = Object.freeze(ML_DSA_PARAMETER_SETS.map((name) => ML_DSA[name].oid));

/** RFC 9881: keys and signatures have the same AlgorithmIdentifier. */
export const mlDsa: SigningFamily = {
  title: 'ML-DSA',
  keyOids: OIDS,
  signatureTitle: 'ML-DSA',
  signatureOids: OIDS,

  readPublicKey(key, reading) {
    const parameterSet = parameterSetOf(key.algorithm);
    const algorithm = requireNoParameters(key.algorithm, reading);
    const { publicKeyLength } = ML_DSA[parameterSet];
    requireLength(`An ${standardName(parameterSet)} public key`, key.bits, publicKeyLength);
    return { family: 'ml-dsa', algorithm: parameterSet, ...encodedAs(key, algorithm, key.bits) };
  },

  verifier(algorithm, reading) {
    const parameterSet = parameterSetOf(algorithm);
    requireNoParameters(algorithm, reading);
    return async ({ engine }, key, message, signature) =>
      key.algorithm === parameterSet && engine.verify(parameterSet, key.bits, message, signature);
  },

  generate: async (cryptography, parameterSet: MlDsaParameterSetName) =>
    new MlDsaSigningKey(cryptography, await cryptography.engine.generateKey(parameterSet)),

  async importPrivateKey(cryptography, algorithm, { privateKey }, reading) {
    requireNoParameters(algorithm, reading);
    return importMlDsaKey(cryptography, parameterSetOf(algorithm), privateKey, reading);
  },
};

function parameterSetOf({ oid }: AlgorithmIdentifier): MlDsaParameterSetName {
  const parameterSet = mlDsaParameterSetOf(oid);
  if (parameterSet === undefined) throw unsupported(`${describeOid(oid)} is not ML-DSA`);
  return parameterSet;
}
