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
import { requireLength } from './public-key-checks.ts';

const OIDS: readonly string[] = Object.freeze(ML_DSA_PARAMETER_SETS.map((name) => ML_DSA[name].oid));

/** RFC 9881: keys and signatures have the same AlgorithmIdentifier. */
export const mlDsa: SigningFamily = {
  title: 'ML-DSA',
  keyOids: OIDS,
  signatureTitle: 'ML-DSA',
  signatureOids: OIDS,

  readPublicKey({ algorithm, spki, bits }) {
    const parameterSet = parameterSetOf(algorithm);
    requireLength(`An ${standardName(parameterSet)} public key`, bits, ML_DSA[parameterSet].publicKeyLength);
    return { family: 'ml-dsa', algorithm: parameterSet, spki, bits };
  },

  verifier(algorithm) {
    const parameterSet = parameterSetOf(algorithm);
    return async ({ engine }, key, message, signature) =>
      key.algorithm === parameterSet && engine.verify(parameterSet, key.bits, message, signature);
  },

  generate: async (cryptography, parameterSet: MlDsaParameterSetName) =>
    new MlDsaSigningKey(cryptography, await cryptography.engine.generateKey(parameterSet)),

  importPrivateKey: async (cryptography, algorithm, { privateKey }) =>
    importMlDsaKey(cryptography, parameterSetOf(algorithm), privateKey),
};

function parameterSetOf(algorithm: AlgorithmIdentifier): MlDsaParameterSetName {
  const parameterSet = mlDsaParameterSetOf(algorithm.oid);
  if (parameterSet === undefined) throw unsupported(`${describeOid(algorithm.oid)} is not ML-DSA`);
  requireNoParameters(algorithm);
  return parameterSet;
}
