/**
 * The octets of a private key alone, without an algorithm: the seed or the expanded key of ML-DSA or ML-KEM, and the key of
 * SLH-DSA or Ed25519.
 */

import { ML_DSA, ML_DSA_PARAMETER_SETS, SEED_LENGTH } from '../../algorithms/ml-dsa/parameter-sets.ts';
import { ML_KEM, ML_KEM_PARAMETER_SETS, MLKEM_SEED_LENGTH } from '../../algorithms/ml-kem/parameter-sets.ts';
import { SLH_DSA, SLH_DSA_PARAMETER_SETS } from '../../algorithms/slh-dsa/parameter-sets.ts';
import { PkiError } from '../../base/errors.ts';
import type { Der } from '../der/header.ts';
import { concat, TAG, tlvParts } from '../der/writer.ts';
import { ED25519_ALGORITHM, ED25519_LENGTH } from '../key-algorithm.ts';
import { encodeMlDsaPrivateKey } from '../ml-dsa-private-key.ts';
import { encodeMlKemPrivateKey } from '../ml-kem-private-key.ts';
import { invalidPrivateKey, privateKeyInfoParts } from '../private-key-info.ts';
import type { SeedKey } from '../seed-key-choice.ts';
import { encodeSlhDsaPrivateKey } from '../slh-dsa-private-key.ts';

/** The algorithms of raw keys. */
export const RAW_ALGORITHMS = Object.freeze([
  ...ML_DSA_PARAMETER_SETS,
  'ed25519',
  ...SLH_DSA_PARAMETER_SETS,
  ...ML_KEM_PARAMETER_SETS,
] as const);
export type RawAlgorithm = (typeof RAW_ALGORITHMS)[number];

/** A length of a raw key of one algorithm, and how such a key becomes a OneAsymmetricKey. */
interface RawForm {
  readonly algorithm: RawAlgorithm;
  readonly length: number;
  readonly encode: (octets: Uint8Array) => Uint8Array;
}

const RAW_FORMS: readonly RawForm[] = [
  ...ML_DSA_PARAMETER_SETS.flatMap((algorithm): RawForm[] => [
    { algorithm, length: SEED_LENGTH, encode: (seed) => encodeMlDsaPrivateKey(algorithm, { seed }) },
    {
      algorithm,
      length: ML_DSA[algorithm].expandedKeyLength,
      encode: (expandedKey) => encodeMlDsaPrivateKey(algorithm, { expandedKey }),
    },
  ]),
  { algorithm: 'ed25519', length: ED25519_LENGTH, encode: encodeEd25519 },
  ...ML_KEM_PARAMETER_SETS.flatMap((algorithm): RawForm[] => [
    { algorithm, length: MLKEM_SEED_LENGTH, encode: (seed) => encodeMlKemPrivateKey(algorithm, { seed }) },
    {
      algorithm,
      length: ML_KEM[algorithm].expandedKeyLength,
      encode: (expandedKey) => encodeMlKemPrivateKey(algorithm, { expandedKey }),
    },
  ]),
  ...SLH_DSA_PARAMETER_SETS.map((algorithm): RawForm => ({
    algorithm,
    length: SLH_DSA[algorithm].privateKeyLength,
    encode: (octets) => encodeSlhDsaPrivateKey(algorithm, octets),
  })),
];

/** RFC 8410 §7. */
function encodeEd25519(octets: Uint8Array): Uint8Array {
  return concat(privateKeyInfoParts(ED25519_ALGORITHM, tlvParts(TAG.octetString, [octets])));
}

/** Whether octets of this length can be a raw key, of this algorithm if it is given. */
export const isRawLength = (length: number, algorithm?: RawAlgorithm): boolean =>
  RAW_FORMS.some((form) => form.length === length && (algorithm ?? form.algorithm) === form.algorithm);

/**
 * Returns a new OneAsymmetricKey, which the caller zeroes. The algorithm is needed for a length that several algorithms
 * have. Throws PkiError invalid-key-options or invalid-private-key.
 */
export function rawToPkcs8(octets: Uint8Array, algorithm: RawAlgorithm | undefined): Der {
  const { length } = octets;
  const forms = RAW_FORMS.filter((form) => form.length === length);
  const names = forms.map((form) => form.algorithm).join(', ');
  if (forms.length === 0) throw invalidPrivateKey(`A raw key cannot have ${length} octets`);
  if (forms.length > 1 && algorithm === undefined)
    throw new PkiError(
      'invalid-key-options',
      `The key is ${length} octets without a format, so it needs its algorithm: ${names}`,
      ['algorithm'],
    );
  const form = forms.find((candidate) => candidate.algorithm === (algorithm ?? candidate.algorithm));
  if (form === undefined)
    throw invalidPrivateKey(`The raw key has ${length} octets, the length for ${names}, not ${algorithm}`);
  return form.encode(octets) as Der;
}

/** Returns the seed or the expanded key. */
export function rawSeedKey({ seed, expandedKey }: SeedKey): Uint8Array {
  if (seed !== undefined && expandedKey !== undefined)
    throw new PkiError('invalid-key-options', 'A raw key is the seed or the expanded key, not both', [
      'keyFormat',
    ]);
  return seed ?? expandedKey;
}
