/** The private keys of ML-DSA (RFC 9881 §6): the seed of 32 octets, the expanded key of 2560, 4032 or 4896, or both. */

import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  SEED_LENGTH,
  type MlDsaParameterSetName,
} from '../algorithms/ml-dsa/parameter-sets.ts';
import { concat } from './der/writer.ts';
import { ML_DSA_ALGORITHM } from './key-algorithm.ts';
import { privateKeyInfoParts } from './private-key-info.ts';
import type { Reading } from './reading.ts';
import { readSeedKey, seedKeyParts, type SeedKey, type SeedKeyShape } from './seed-key-choice.ts';

export type MlDsaPrivateKey = SeedKey;

const shapeOf = (name: MlDsaParameterSetName): SeedKeyShape => ({
  ...ML_DSA[name],
  name,
  clause: 'RFC 9881 §6',
  seedLength: SEED_LENGTH,
});

const SHAPES = ML_DSA_PARAMETER_SETS.map(shapeOf);

/** Returns a whole OneAsymmetricKey, DER. The caller zeroes it. */
export const encodeMlDsaPrivateKey = (
  parameterSet: MlDsaParameterSetName,
  key: MlDsaPrivateKey,
): Uint8Array => concat(privateKeyInfoParts(ML_DSA_ALGORITHM[parameterSet], seedKeyParts(key)));

/** `octets` are the contents of privateKey. Returns views. Throws PkiError invalid-private-key. */
export const readMlDsaPrivateKey = (
  octets: Uint8Array,
  parameterSet: MlDsaParameterSetName,
  reading?: Reading,
): MlDsaPrivateKey => readSeedKey(octets, shapeOf(parameterSet), SHAPES, reading);
