/** The octets of a private key alone, without an algorithm: the seed or the expanded key of ML-DSA, and the key of Ed25519. */

import {
  ML_DSA,
  ML_DSA_PARAMETER_SETS,
  SEED_LENGTH,
  type MlDsaParameterSetName,
} from '../../algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../../base/errors.ts';
import type { Der } from '../der/header.ts';
import { concat, TAG, tlvParts } from '../der/writer.ts';
import { ED25519_ALGORITHM } from '../key-algorithm.ts';
import { encodeMlDsaPrivateKey, readMlDsaPrivateKey } from '../ml-dsa-private-key.ts';
import { invalidPrivateKey, privateKeyInfoParts } from '../private-key-info.ts';

/** The algorithms of raw keys. */
export const RAW_ALGORITHMS = Object.freeze([...ML_DSA_PARAMETER_SETS, 'ed25519'] as const);
export type RawAlgorithm = (typeof RAW_ALGORITHMS)[number];

const EXPANDED_LENGTHS: ReadonlyMap<number, MlDsaParameterSetName> = new Map(
  ML_DSA_PARAMETER_SETS.map((name) => [ML_DSA[name].expandedKeyLength, name]),
);

/** Whether octets of this length can be a raw key. */
export const isRawLength = (length: number): boolean =>
  length === SEED_LENGTH || EXPANDED_LENGTHS.has(length);

/**
 * Returns a new OneAsymmetricKey, which the caller zeroes. The algorithm is needed for 32 octets. Throws PkiError
 * invalid-key-options or invalid-private-key.
 */
export function rawToPkcs8(octets: Uint8Array, algorithm: RawAlgorithm | undefined): Der {
  if (octets.length === SEED_LENGTH) return seedToPkcs8(octets, algorithm);
  const parameterSet = EXPANDED_LENGTHS.get(octets.length);
  if (parameterSet === undefined) throw invalidPrivateKey(`A raw key cannot have ${octets.length} octets`);
  if (algorithm !== undefined && algorithm !== parameterSet)
    throw invalidPrivateKey(
      `The raw key has ${octets.length} octets, the length for ${parameterSet}, not ${algorithm}`,
    );
  return encodeMlDsaPrivateKey(parameterSet, { expandedKey: octets }) as Der;
}

function seedToPkcs8(octets: Uint8Array, algorithm: RawAlgorithm | undefined): Der {
  if (algorithm === undefined)
    throw new PkiError(
      'invalid-key-options',
      `The key is ${SEED_LENGTH} octets without a format, so it needs its algorithm: ${RAW_ALGORITHMS.join(', ')}`,
      ['algorithm'],
    );
  if (algorithm !== 'ed25519') return encodeMlDsaPrivateKey(algorithm, { seed: octets }) as Der;
  return ed25519ToPkcs8(octets);
}

/** RFC 8410 §7. Returns a new OneAsymmetricKey. */
const ed25519ToPkcs8 = (octets: Uint8Array): Der =>
  concat(privateKeyInfoParts(ED25519_ALGORITHM, tlvParts(TAG.octetString, [octets]))) as Der;

/** Returns a view of the octets of `privateKey`, the contents of the member of a OneAsymmetricKey in one of two forms. */
export function rawMlDsaKey(privateKey: Uint8Array, parameterSet: MlDsaParameterSetName): Uint8Array {
  const { seed, expandedKey } = readMlDsaPrivateKey(privateKey, parameterSet);
  if (seed !== undefined && expandedKey !== undefined)
    throw new PkiError('invalid-key-options', 'A raw key is the seed or the expanded key, not both', [
      'keyFormat',
    ]);
  return seed ?? expandedKey;
}
