/** The keys that have a seed and an expanded key: how they are read and written, and the parts of the expanded key. */

import type { MlDsaParameterSetName } from '../../algorithms/ml-dsa/parameter-sets.ts';
import { ML_KEM, type MlKemParameterSetName } from '../../algorithms/ml-kem/parameter-sets.ts';
import { mlDsaParameterSetOf, mlKemParameterSetOf } from '../../formats/key-algorithm.ts';
import { encodeMlDsaPrivateKey, readMlDsaPrivateKey } from '../../formats/ml-dsa-private-key.ts';
import { encodeMlKemPrivateKey, readMlKemPrivateKey } from '../../formats/ml-kem-private-key.ts';
import type { Reading } from '../../formats/reading.ts';
import type { SeedKey } from '../../formats/seed-key-choice.ts';

export interface SeedKeyKind {
  /** Name of the parameter set. */
  readonly algorithm: string;
  read(privateKey: Uint8Array, reading: Reading): SeedKey;
  /** Returns a OneAsymmetricKey, DER. */
  encode(key: SeedKey): Uint8Array;
  /** The parts of the expanded key in their order, each with its offset. */
  readonly parts: readonly (readonly [name: string, offset: number])[];
}

/** Returns undefined for another algorithm. */
export function seedKeyKindOf(oid: string): SeedKeyKind | undefined {
  const [mlDsa, mlKem] = [mlDsaParameterSetOf(oid), mlKemParameterSetOf(oid)];
  if (mlDsa !== undefined) return mlDsaKind(mlDsa);
  return mlKem && mlKemKind(mlKem);
}

/** `octets` are those of one polynomial of s1 or s2: 256 coefficients of 3 or 4 bits. */
const SHAPES = Object.freeze({
  'ml-dsa-44': { k: 4, l: 4, octets: 96 },
  'ml-dsa-65': { k: 6, l: 5, octets: 128 },
  'ml-dsa-87': { k: 8, l: 7, octets: 96 },
}) satisfies Record<MlDsaParameterSetName, object>;

/** skEncode (FIPS 204 algorithm 24). */
function mlDsaKind(parameterSet: MlDsaParameterSetName): SeedKeyKind {
  const { k, l, octets } = SHAPES[parameterSet];
  const s2 = 128 + l * octets;
  return {
    algorithm: parameterSet,
    read: (privateKey, reading) => readMlDsaPrivateKey(privateKey, parameterSet, reading),
    encode: (key) => encodeMlDsaPrivateKey(parameterSet, key),
    parts: [
      ['rho', 0],
      ['K', 32],
      ['tr', 64],
      ['s1', 128],
      ['s2', s2],
      ['t0', s2 + k * octets],
    ],
  };
}

/** dk of FIPS 203 algorithm 16. */
function mlKemKind(parameterSet: MlKemParameterSetName): SeedKeyKind {
  const { k } = ML_KEM[parameterSet];
  return {
    algorithm: parameterSet,
    read: (privateKey, reading) => readMlKemPrivateKey(privateKey, parameterSet, reading),
    encode: (key) => encodeMlKemPrivateKey(parameterSet, key),
    parts: [
      ['s', 0],
      ['encapsulation key', 384 * k],
      ['H(ek)', 768 * k + 32],
      ['z', 768 * k + 64],
    ],
  };
}
