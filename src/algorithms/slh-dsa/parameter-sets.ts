/**
 * SLH-DSA parameter sets (FIPS 205 §11, table 2; object identifiers of pure SLH-DSA: RFC 9909 §3). Lengths in octets.
 *
 * Names ending in `s` have small signatures, those ending in `f` sign fast.
 */

export interface SlhDsaParameterSet {
  readonly family: 'slh-dsa';
  readonly oid: string;
  /** n of the parameter set: the length of each part of a key. */
  readonly partLength: 16 | 24 | 32;
  /** PK.seed ‖ PK.root. */
  readonly publicKeyLength: number;
  /** SK.seed ‖ SK.prf ‖ PK.seed ‖ PK.root. */
  readonly privateKeyLength: number;
  readonly signatureLength: number;
  /** Time of a signature on one core, in milliseconds, as measured with OpenSSL 3.5 (docs/signing.md). */
  readonly signingTime: number;
}

/** Pure SLH-DSA is numbered from 20; HashSLH-DSA, which is not supported, from 35 (NIST CSOR). */
const set = (
  number: number,
  partLength: SlhDsaParameterSet['partLength'],
  signatureLength: number,
  signingTime: number,
): SlhDsaParameterSet => ({
  family: 'slh-dsa',
  oid: `2.16.840.1.101.3.4.3.${number}`,
  partLength,
  publicKeyLength: 2 * partLength,
  privateKeyLength: 4 * partLength,
  signatureLength,
  signingTime,
});

/** By the names of this API. */
export const SLH_DSA = Object.freeze({
  'slh-dsa-sha2-128s': set(20, 16, 7856, 230),
  'slh-dsa-sha2-128f': set(21, 16, 17_088, 12),
  'slh-dsa-sha2-192s': set(22, 24, 16_224, 440),
  'slh-dsa-sha2-192f': set(23, 24, 35_664, 20),
  'slh-dsa-sha2-256s': set(24, 32, 29_792, 410),
  'slh-dsa-sha2-256f': set(25, 32, 49_856, 40),
  'slh-dsa-shake-128s': set(26, 16, 7856, 620),
  'slh-dsa-shake-128f': set(27, 16, 17_088, 30),
  'slh-dsa-shake-192s': set(28, 24, 16_224, 1080),
  'slh-dsa-shake-192f': set(29, 24, 35_664, 50),
  'slh-dsa-shake-256s': set(30, 32, 29_792, 950),
  'slh-dsa-shake-256f': set(31, 32, 49_856, 100),
}) satisfies Readonly<Record<string, SlhDsaParameterSet>>;

export type SlhDsaParameterSetName = keyof typeof SLH_DSA;

export const SLH_DSA_PARAMETER_SETS = Object.freeze(Object.keys(SLH_DSA) as SlhDsaParameterSetName[]);

/** Returns the name in FIPS 205, for example `SLH-DSA-SHA2-128s`. */
export const slhDsaStandardName = (parameterSet: SlhDsaParameterSetName): string =>
  `${parameterSet.slice(0, -1).toUpperCase()}${parameterSet.at(-1)}`;
