/** ML-DSA parameter sets (FIPS 204 §4, tables 1 and 2; object identifiers: RFC 9881 §2). Lengths in octets. */

export interface MlDsaParameterSet {
  readonly name: MlDsaParameterSetName;
  readonly oid: string;
  /** NIST security category. */
  readonly category: 2 | 3 | 5;
  readonly publicKeyLength: number;
  readonly expandedKeyLength: number;
  readonly signatureLength: number;
}

/** Name of a parameter set in the v1 contract. */
export type MlDsaParameterSetName = 'ml-dsa-44' | 'ml-dsa-65' | 'ml-dsa-87';

/** Length of ξ, from which a key pair is derived (FIPS 204 algorithm 1). */
export const SEED_LENGTH = 32;

export const ML_DSA: Readonly<Record<MlDsaParameterSetName, MlDsaParameterSet>> = Object.freeze({
  'ml-dsa-44': {
    name: 'ml-dsa-44',
    oid: '2.16.840.1.101.3.4.3.17',
    category: 2,
    publicKeyLength: 1312,
    expandedKeyLength: 2560,
    signatureLength: 2420,
  },
  'ml-dsa-65': {
    name: 'ml-dsa-65',
    oid: '2.16.840.1.101.3.4.3.18',
    category: 3,
    publicKeyLength: 1952,
    expandedKeyLength: 4032,
    signatureLength: 3309,
  },
  'ml-dsa-87': {
    name: 'ml-dsa-87',
    oid: '2.16.840.1.101.3.4.3.19',
    category: 5,
    publicKeyLength: 2592,
    expandedKeyLength: 4896,
    signatureLength: 4627,
  },
});

export const ML_DSA_PARAMETER_SETS = Object.freeze(Object.keys(ML_DSA) as MlDsaParameterSetName[]);

/** Whether both have the octets of their parameter set; verification fails for all others (FIPS 204 §3.6.2). */
export const hasValidLengths = (
  parameterSet: MlDsaParameterSetName,
  publicKey: Uint8Array,
  signature: Uint8Array,
): boolean =>
  publicKey.length === ML_DSA[parameterSet].publicKeyLength &&
  signature.length === ML_DSA[parameterSet].signatureLength;
