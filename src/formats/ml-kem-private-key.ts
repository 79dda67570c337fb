/** The private keys of ML-KEM (RFC 9935 §6): the seed of 64 octets, the expanded key of 1632, 2400 or 3168, or both. */

import {
  ML_KEM,
  ML_KEM_PARAMETER_SETS,
  MLKEM_SEED_LENGTH,
  type MlKemParameterSetName,
} from '../algorithms/ml-kem/parameter-sets.ts';
import { concat } from './der/writer.ts';
import { mlKemAlgorithm } from './key-algorithm.ts';
import { privateKeyInfoParts } from './private-key-info.ts';
import type { Reading } from './reading.ts';
import { readSeedKey, seedKeyParts, type SeedKey, type SeedKeyShape } from './seed-key-choice.ts';

const shapeOf = (name: MlKemParameterSetName): SeedKeyShape => ({
  ...ML_KEM[name],
  name,
  clause: 'RFC 9935 §6',
  seedLength: MLKEM_SEED_LENGTH,
});

const SHAPES = ML_KEM_PARAMETER_SETS.map(shapeOf);

/** Returns a whole OneAsymmetricKey, DER. The caller zeroes it. */
export const encodeMlKemPrivateKey = (parameterSet: MlKemParameterSetName, key: SeedKey): Uint8Array =>
  concat(privateKeyInfoParts(mlKemAlgorithm(parameterSet), seedKeyParts(key)));

/** `octets` are the contents of privateKey. Returns views. Throws PkiError invalid-private-key. */
export const readMlKemPrivateKey = (
  octets: Uint8Array,
  parameterSet: MlKemParameterSetName,
  reading?: Reading,
): SeedKey => readSeedKey(octets, shapeOf(parameterSet), SHAPES, reading);
