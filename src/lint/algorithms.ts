/** Algorithms as the rules know them: by their object identifiers, whether this service supports them or not. */

import { ML_DSA, ML_DSA_PARAMETER_SETS } from '../algorithms/ml-dsa/parameter-sets.ts';

export type PostQuantumFamily = 'ml-dsa' | 'slh-dsa' | 'ml-kem';

export interface PostQuantumAlgorithm {
  readonly family: PostQuantumFamily;
  /** In octets. */
  readonly keyLength: number;
  /** Undefined for a key encapsulation mechanism. */
  readonly signatureLength?: number;
}

const NIST = '2.16.840.1.101.3.4';

/** FIPS 205 table 2: n, and the length of a signature, of 128s, 128f, 192s, 192f, 256s and 256f. */
const SLH_DSA_SIZES = [
  [16, 7856],
  [16, 17088],
  [24, 16224],
  [24, 35664],
  [32, 29792],
  [32, 49856],
] as const;

/** RFC 9909 §3: SHA2 from 20 and SHAKE from 26, and with a hash from 35 and 41. */
const slhDsa = [20, 26, 35, 41].flatMap((first) =>
  SLH_DSA_SIZES.map(([n, signatureLength], index): [string, PostQuantumAlgorithm] => [
    `${NIST}.3.${first + index}`,
    { family: 'slh-dsa', keyLength: 2 * n, signatureLength },
  ]),
);

/** FIPS 203 table 3. */
const mlKem = [800, 1184, 1568].map((keyLength, index): [string, PostQuantumAlgorithm] => [
  `${NIST}.4.${index + 1}`,
  { family: 'ml-kem', keyLength },
]);

const mlDsa = ML_DSA_PARAMETER_SETS.map((name): [string, PostQuantumAlgorithm] => [
  ML_DSA[name].oid,
  {
    family: 'ml-dsa',
    keyLength: ML_DSA[name].publicKeyLength,
    signatureLength: ML_DSA[name].signatureLength,
  },
]);

/** By OID. */
export const POST_QUANTUM: ReadonlyMap<string, PostQuantumAlgorithm> = new Map([
  ...mlDsa,
  ...slhDsa,
  ...mlKem,
]);

export const familyOf = (oid: string | undefined): PostQuantumFamily | undefined =>
  oid === undefined ? undefined : POST_QUANTUM.get(oid)?.family;

export const ML_DSA_87 = ML_DSA['ml-dsa-87'].oid;
export const ML_KEM_1024 = `${NIST}.4.3`;

/** id-hash-ml-dsa-44-with-sha512, -65- and -87- (FIPS 204 §5.4; NIST CSOR). */
export const HASH_ML_DSA: ReadonlySet<string> = new Set([32, 33, 34].map((last) => `${NIST}.3.${last}`));

/** Dilithium, the submission before ML-DSA. */
export const isDilithium = (oid: string | undefined): boolean =>
  oid?.startsWith('1.3.6.1.4.1.2.267.') === true;

/** draft-ietf-lamps-pq-composite-sigs. */
export const isComposite = (oid: string | undefined): boolean =>
  /^1\.3\.6\.1\.5\.5\.7\.6\.(?:3[7-9]|4\d|5[0-4])$/.test(oid ?? '');

/** RFC 9925. */
export const UNSIGNED = '1.3.6.1.5.5.7.6.36';

const PKCS1 = '1.2.840.113549.1.1';
export const RSA = `${PKCS1}.1`;
export const RSASSA_PSS = `${PKCS1}.10`;
export const DSA = '1.2.840.10040.4.1';
export const EC = '1.2.840.10045.2.1';
export const EDWARDS: ReadonlySet<string> = new Set(['1.3.101.112', '1.3.101.113']);
export const MONTGOMERY: ReadonlySet<string> = new Set(['1.3.101.110', '1.3.101.111']);

/** RSASSA-PKCS1-v1_5 with SHA-2. */
export const RSA_SHA2: ReadonlySet<string> = new Set([11, 12, 13, 14].map((last) => `${PKCS1}.${last}`));
/** ECDSA with SHA-2. */
export const ECDSA_SHA2: ReadonlySet<string> = new Set(
  [1, 2, 3, 4].map((last) => `1.2.840.10045.4.3.${last}`),
);

/** With MD2, MD4 and MD5. */
export const MESSAGE_DIGESTS: ReadonlySet<string> = new Set([
  ...[2, 3, 4].map((last) => `${PKCS1}.${last}`),
  '1.3.14.3.2.3',
]);

/** With RSA, ECDSA and DSA; the last two are the old names of the first and third. */
export const SHA1_SIGNATURES: ReadonlySet<string> = new Set([
  `${PKCS1}.5`,
  '1.2.840.10045.4.1',
  '1.2.840.10040.4.3',
  '1.3.14.3.2.29',
  '1.3.14.3.2.27',
]);
