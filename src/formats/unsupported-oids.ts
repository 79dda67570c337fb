/** Names of algorithms that are not supported, for descriptions and error messages. */

import { SLH_DSA_PARAMETER_SETS, slhDsaStandardName } from '../algorithms/slh-dsa/parameter-sets.ts';

/** The `names`, numbered from `first` below `arc`. */
const numbered = (arc: string, first: number, names: readonly string[]): [name: string, oid: string][] =>
  names.map((name, index) => [name, `${arc}.${first + index}`]);

/** NIST CSOR: signature algorithms and hash algorithms. */
const SIGNATURES = '2.16.840.1.101.3.4.3';
const HASHES = '2.16.840.1.101.3.4.2';

const SHA3 = ['SHA3-224', 'SHA3-256', 'SHA3-384', 'SHA3-512'];

/** Old names of algorithms with SHA-1 and MD5 (OIW), which Windows still writes. */
const OIW = '1.3.14.3.2';

/** RFC 9909 §3. */
const HASH_SLH_DSA = SLH_DSA_PARAMETER_SETS.map(slhDsaStandardName).map((name) => {
  const isShort = name.includes('-128');
  const hash = name.includes('SHA2') ? ['SHA256', 'SHA512'] : ['SHAKE128', 'SHAKE256'];
  return `Hash${name}-with-${hash[isShort ? 0 : 1]}`;
});

/** draft-ietf-lamps-pq-composite-sigs, in the order of its OIDs. */
const COMPOSITE_ML_DSA = [
  'id-MLDSA44-RSA2048-PSS-SHA256',
  'id-MLDSA44-RSA2048-PKCS15-SHA256',
  'id-MLDSA44-Ed25519-SHA512',
  'id-MLDSA44-ECDSA-P256-SHA256',
  'id-MLDSA65-RSA3072-PSS-SHA512',
  'id-MLDSA65-RSA3072-PKCS15-SHA512',
  'id-MLDSA65-RSA4096-PSS-SHA512',
  'id-MLDSA65-RSA4096-PKCS15-SHA512',
  'id-MLDSA65-ECDSA-P256-SHA512',
  'id-MLDSA65-ECDSA-P384-SHA512',
  'id-MLDSA65-ECDSA-brainpoolP256r1-SHA512',
  'id-MLDSA65-Ed25519-SHA512',
  'id-MLDSA87-ECDSA-P384-SHA512',
  'id-MLDSA87-ECDSA-brainpoolP384r1-SHA512',
  'id-MLDSA87-Ed448-SHAKE256',
  'id-MLDSA87-RSA3072-PSS-SHA512',
  'id-MLDSA87-RSA4096-PSS-SHA512',
  'id-MLDSA87-ECDSA-P521-SHA512',
];

export const UNSUPPORTED_ALGORITHMS: readonly (readonly [name: string, oid: string])[] = [
  ...numbered(SIGNATURES, 32, ['HashML-DSA-44', 'HashML-DSA-65', 'HashML-DSA-87']),
  ...numbered(SIGNATURES, 35, HASH_SLH_DSA),
  ...numbered(SIGNATURES, 1, ['dsa-with-SHA224', 'dsa-with-SHA256', 'dsa-with-SHA384', 'dsa-with-SHA512']),
  ...['dsa', 'ecdsa'].flatMap((family, index) =>
    numbered(
      SIGNATURES,
      5 + 4 * index,
      SHA3.map((hash) => `${family}-with-${hash}`),
    ),
  ),
  ...numbered(
    SIGNATURES,
    13,
    SHA3.map((hash) => `rsassa-pkcs1-v1-5-with-${hash}`),
  ),
  ...numbered('1.3.6.1.5.5.7.6', 36, ['id-alg-unsigned', ...COMPOSITE_ML_DSA]),
  ...numbered(HASHES, 4, [
    'sha224',
    'sha512-224',
    'sha512-256',
    'sha3-224',
    'sha3-256',
    'sha3-384',
    'sha3-512',
  ]),
  ...numbered(HASHES, 11, ['shake128', 'shake256']),
  ...numbered('1.2.840.113549.1.1', 2, ['md2WithRSAEncryption']),
  ...numbered('1.2.840.113549.1.1', 4, ['md5WithRSAEncryption', 'sha1WithRSAEncryption']),
  ...numbered('1.2.840.113549.1.1', 14, [
    'sha224WithRSAEncryption',
    'sha512-224WithRSAEncryption',
    'sha512-256WithRSAEncryption',
  ]),
  ['RSAES-OAEP', '1.2.840.113549.1.1.7'],
  ['ripemd160WithRSA', '1.3.36.3.3.1.2'],
  ['md5WithRSA', `${OIW}.3`],
  ['dsaWithSHA1', `${OIW}.27`],
  ['sha1WithRSA', `${OIW}.29`],
  ['SM2-with-SM3', '1.2.156.10197.1.501'],
  ['ecdsa-with-SHA1', '1.2.840.10045.4.1'],
  ['ecdsa-with-SHA224', '1.2.840.10045.4.3.1'],
  ['dsa-with-SHA1', '1.2.840.10040.4.3'],
  ['DSA', '1.2.840.10040.4.1'],
  ['SHA-1', '1.3.14.3.2.26'],
  ...numbered('1.3.101', 110, ['X25519', 'X448']),
  ['Ed448', '1.3.101.113'],
];

/** Named curves that are not supported: name, OID, and the length of the field in bits (RFC 5480, SEC 2, RFC 5639). */
export const UNSUPPORTED_CURVES: readonly (readonly [name: string, oid: string, bits: number])[] = [
  ['P-192', '1.2.840.10045.3.1.1', 192],
  ['P-224', '1.3.132.0.33', 224],
  ['secp256k1', '1.3.132.0.10', 256],
  ['SM2', '1.2.156.10197.1.301', 256],
  ['brainpoolP256r1', '1.3.36.3.3.2.8.1.1.7', 256],
  ['brainpoolP384r1', '1.3.36.3.3.2.8.1.1.11', 384],
  ['brainpoolP512r1', '1.3.36.3.3.2.8.1.1.13', 512],
];
