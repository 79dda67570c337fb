/** ML-DSA parameter sets (FIPS 204 §4, tables 1 and 2; object identifiers: RFC 9881 §2). Lengths in octets. */

export interface MlDsaParameterSet {
  readonly family: 'ml-dsa';
  readonly oid: string;
  readonly publicKeyLength: number;
  readonly expandedKeyLength: number;
  readonly signatureLength: number;
}

/** Length of ξ, the seed of a key pair (FIPS 204 algorithm 1). */
export const SEED_LENGTH = 32;

/** By the names of the v1 contract. */
export const ML_DSA = Object.freeze({
  'ml-dsa-44': {
    family: 'ml-dsa',
    oid: '2.16.840.1.101.3.4.3.17',
    publicKeyLength: 1312,
    expandedKeyLength: 2560,
    signatureLength: 2420,
  },
  'ml-dsa-65': {
    family: 'ml-dsa',
    oid: '2.16.840.1.101.3.4.3.18',
    publicKeyLength: 1952,
    expandedKeyLength: 4032,
    signatureLength: 3309,
  },
  'ml-dsa-87': {
    family: 'ml-dsa',
    oid: '2.16.840.1.101.3.4.3.19',
    publicKeyLength: 2592,
    expandedKeyLength: 4896,
    signatureLength: 4627,
  },
}) satisfies Readonly<Record<string, MlDsaParameterSet>>;

export type MlDsaParameterSetName = keyof typeof ML_DSA;

export const ML_DSA_PARAMETER_SETS = Object.freeze(Object.keys(ML_DSA) as MlDsaParameterSetName[]);

/** Returns the name in FIPS 204, for example `ML-DSA-65`. */
export const standardName = (parameterSet: MlDsaParameterSetName): string => parameterSet.toUpperCase();

/** Verification fails unless this is true (FIPS 204 §3.6.2). */
export const hasValidLengths = (
  parameterSet: MlDsaParameterSetName,
  publicKey: Uint8Array,
  signature: Uint8Array,
): boolean =>
  publicKey.length === ML_DSA[parameterSet].publicKeyLength &&
  signature.length === ML_DSA[parameterSet].signatureLength;
