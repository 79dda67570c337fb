/**
 * The algorithm of a new key. `security_level` is the member of the v1 contract, for ML-DSA only; `key_algorithm` is the one for
 * every algorithm. A reply has the one that fits the key.
 */

import { Type } from 'typebox';
import { ML_DSA, type MlDsaParameterSetName } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import type { MlKemParameterSetName } from '../../src/algorithms/ml-kem/parameter-sets.ts';
import { CERTIFIABLE_ALGORITHMS, type CertifiableAlgorithmName } from '../../src/algorithms/registry.ts';
import type { SlhDsaParameterSetName } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { PkiError } from '../../src/base/errors.ts';
import { hasKeyFormats, type KeyFormat } from '../../src/keys/key.ts';
import { closedList } from './closed-list.ts';
import { DEFAULTS } from './fields.ts';
import { ML_KEM_SPELLINGS, PARAMETER_SETS, SLH_DSA_SPELLINGS } from './spellings.ts';

/** Algorithms of keys that the service makes and that sign for themselves. */
export type NewKeyAlgorithm = MlDsaParameterSetName | SlhDsaParameterSetName;

export const requestedKeyAlgorithm = Type.Optional(
  closedList<NewKeyAlgorithm>(
    { ...PARAMETER_SETS, ...SLH_DSA_SPELLINGS },
    {
      description:
        'Algorithm of the new key, in place of `security_level`: ML-DSA or SLH-DSA (FIPS 205). A signature of SLH-DSA takes ' +
        'between 12 ms and one second (docs/signing.md).',
      examples: ['slh-dsa-sha2-128s'],
    },
  ),
);

/** {@link requestedKeyAlgorithm} also for keys that cannot sign. */
export const requestedPairAlgorithm = Type.Optional(
  closedList<NewKeyAlgorithm | MlKemParameterSetName>(
    { ...PARAMETER_SETS, ...SLH_DSA_SPELLINGS, ...ML_KEM_SPELLINGS },
    {
      description:
        'Algorithm of the new key, in place of `security_level`: ML-DSA, SLH-DSA (FIPS 205) or ML-KEM (FIPS 203). A key of ' +
        'ML-KEM cannot sign; a CA certifies its public key.',
      examples: ['ml-kem-768'],
    },
  ),
);

/** Of a reply. */
export const otherKeyAlgorithm = Type.Optional(
  Type.String({
    description: 'Replaces security_level when the key is not ML-DSA, for example `slh-dsa-sha2-128s`.',
  }),
);

interface Choice<Algorithm> {
  readonly security_level?: MlDsaParameterSetName | undefined;
  readonly key_algorithm?: Algorithm | undefined;
  readonly key_format?: KeyFormat | undefined;
}

/** Throws PkiError for members that contradict each other. */
export function newKeyAlgorithm<Algorithm extends CertifiableAlgorithmName>({
  security_level,
  key_algorithm,
  key_format,
}: Choice<Algorithm>): Algorithm | MlDsaParameterSetName {
  if (key_algorithm === undefined) return security_level ?? DEFAULTS.securityLevel;
  if (security_level !== undefined && security_level !== key_algorithm)
    throw new PkiError('invalid-key-options', `It is not allowed with security_level ${security_level}`, [
      'algorithm',
    ]);
  if (key_format !== undefined && !hasKeyFormats(CERTIFIABLE_ALGORITHMS[key_algorithm].family))
    throw new PkiError('invalid-key-options', `A key of ${key_algorithm} has one form only`, ['keyFormat']);
  return key_algorithm;
}

const isMlDsa = (algorithm: string): algorithm is MlDsaParameterSetName => Object.hasOwn(ML_DSA, algorithm);

/** The member of a reply that names the algorithm of a key. */
export const presentKeyAlgorithm = (
  algorithm: string,
): { readonly security_level: MlDsaParameterSetName } | { readonly key_algorithm: string } =>
  isMlDsa(algorithm) ? { security_level: algorithm } : { key_algorithm: algorithm };
