/** ML-KEM keys (RFC 9935). They cannot sign. */

import { timingSafeEqual } from 'node:crypto';
import type { Cryptography } from '../algorithms/cryptography.ts';
import { hasReducedCoefficients } from '../algorithms/ml-kem/encapsulation-key-check.ts';
import {
  ML_KEM,
  ML_KEM_PARAMETER_SETS,
  mlKemStandardName,
  type MlKemParameterSetName,
} from '../algorithms/ml-kem/parameter-sets.ts';
import { offHeapCopy } from '../base/octets.ts';
import {
  requireNoParameters,
  unsupported,
  type AlgorithmIdentifier,
} from '../formats/algorithm-identifier.ts';
import { mlKemParameterSetOf } from '../formats/key-algorithm.ts';
import { readMlKemPrivateKey } from '../formats/ml-kem-private-key.ts';
import { describeOid } from '../formats/oids.ts';
import { invalidPrivateKey } from '../formats/private-key-info.ts';
import type { EncapsulationFamily } from './family.ts';
import { MlKemKey } from './ml-kem-key.ts';
import { encodedAs, invalidPublicKey, requireLength } from './public-key-checks.ts';

export const mlKem: EncapsulationFamily = {
  title: 'ML-KEM',
  keyOids: ML_KEM_PARAMETER_SETS.map((name) => ML_KEM[name].oid),

  readPublicKey(key, reading) {
    const parameterSet = parameterSetOf(key.algorithm);
    const algorithm = requireNoParameters(key.algorithm, reading);
    const { publicKeyLength } = ML_KEM[parameterSet];
    const title = `An ${mlKemStandardName(parameterSet)} public key`;
    requireLength(title, key.bits, publicKeyLength);
    if (!hasReducedCoefficients(key.bits))
      throw invalidPublicKey(`${title} must have coefficients below q = 3329 (FIPS 203 §7.2)`);
    return { family: 'ml-kem', algorithm: parameterSet, ...encodedAs(key, algorithm, key.bits) };
  },

  async generate(cryptography, parameterSet: MlKemParameterSetName) {
    const { seed, publicKey } = await cryptography.mlKem.generate(parameterSet);
    return new MlKemKey(cryptography, parameterSet, publicKey, { seed });
  },

  async importPrivateKey(cryptography, algorithm, { privateKey }, reading) {
    requireNoParameters(algorithm, reading);
    const parameterSet = parameterSetOf(algorithm);
    const given = readMlKemPrivateKey(privateKey, parameterSet, reading);
    if (given.seed === undefined) return importExpandedKey(cryptography, parameterSet, given);
    const publicKey = await publicKeyOfSeed(cryptography, parameterSet, given);
    return new MlKemKey(cryptography, parameterSet, publicKey, { seed: offHeapCopy(given.seed) });
  },
};

function parameterSetOf({ oid }: AlgorithmIdentifier): MlKemParameterSetName {
  const parameterSet = mlKemParameterSetOf(oid);
  if (parameterSet === undefined) throw unsupported(`${describeOid(oid)} is not ML-KEM`);
  return parameterSet;
}

async function importExpandedKey(
  cryptography: Cryptography,
  parameterSet: MlKemParameterSetName,
  { expandedKey, publicKey: given }: { readonly expandedKey: Uint8Array; readonly publicKey?: Uint8Array },
): Promise<MlKemKey> {
  const publicKey = await cryptography.mlKem.publicKeyOf(parameterSet, expandedKey);
  if (given !== undefined && Buffer.compare(given, publicKey) !== 0)
    throw invalidPrivateKey('The public key after the expanded key must be that of the private key');
  return new MlKemKey(cryptography, parameterSet, publicKey, { expandedKey: offHeapCopy(expandedKey) });
}

/** RFC 9935 §8: the expanded key, if it is given too, is the expansion of the seed. */
async function publicKeyOfSeed(
  { mlKem }: Pick<Cryptography, 'mlKem'>,
  parameterSet: MlKemParameterSetName,
  given: { readonly seed: Uint8Array; readonly expandedKey?: Uint8Array | undefined },
): Promise<Uint8Array> {
  const { publicKey, expandedKey } = await mlKem.expand(parameterSet, given.seed);
  try {
    if (given.expandedKey !== undefined && !timingSafeEqual(expandedKey, given.expandedKey))
      throw invalidPrivateKey('The expanded key must be the expansion of the seed (RFC 9935 §8)');
    return publicKey;
  } finally {
    expandedKey.fill(0);
  }
}
