/** ML-KEM parameter sets (FIPS 203 §8, tables 2 and 3; object identifiers: RFC 9935 §3). Lengths in octets. */

export interface MlKemParameterSet {
  readonly family: 'ml-kem';
  readonly oid: string;
  /** Number of polynomials in a vector. */
  readonly k: number;
  /** ek, the encapsulation key. */
  readonly publicKeyLength: number;
  /** dk, the decapsulation key: dkPKE ‖ ek ‖ H(ek) ‖ z. */
  readonly expandedKeyLength: number;
}

/** Length of d ‖ z, the seed of a key pair (FIPS 203 §7.1). */
export const MLKEM_SEED_LENGTH = 64;

const set = (number: number, k: number): MlKemParameterSet => ({
  family: 'ml-kem',
  oid: `2.16.840.1.101.3.4.4.${number}`,
  k,
  publicKeyLength: 384 * k + 32,
  expandedKeyLength: 768 * k + 96,
});

/** By the names of this API. */
export const ML_KEM = Object.freeze({
  'ml-kem-512': set(1, 2),
  'ml-kem-768': set(2, 3),
  'ml-kem-1024': set(3, 4),
}) satisfies Readonly<Record<string, MlKemParameterSet>>;

export type MlKemParameterSetName = keyof typeof ML_KEM;

export const ML_KEM_PARAMETER_SETS = Object.freeze(Object.keys(ML_KEM) as MlKemParameterSetName[]);

/** Returns the name in FIPS 203, for example `ML-KEM-768`. */
export const mlKemStandardName = (parameterSet: MlKemParameterSetName): string => parameterSet.toUpperCase();
