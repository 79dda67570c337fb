import {
  SLH_DSA_PARAMETER_SETS,
  type SlhDsaParameterSetName,
} from '../../src/algorithms/slh-dsa/parameter-sets.ts';

/** Each n, both hash functions, and one set with small signatures, whose tests take the longest. */
const SOME: readonly SlhDsaParameterSetName[] = [
  'slh-dsa-sha2-128f',
  'slh-dsa-sha2-128s',
  'slh-dsa-shake-192f',
  'slh-dsa-sha2-256f',
];

/** With `EVERY_PARAMETER_SET=1` all twelve, which takes two minutes. */
export const TESTED_SETS = process.env.EVERY_PARAMETER_SET === '1' ? SLH_DSA_PARAMETER_SETS : SOME;
