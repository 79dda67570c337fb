/**
 * The values of the closed lists in requests, with the other spellings of the field: names of object identifiers, of
 * OpenSSL and of the standards. A spelling that differs only in its case or punctuation needs no entry here.
 */

import type { MlDsaParameterSetName } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import type { MlKemParameterSetName } from '../../src/algorithms/ml-kem/parameter-sets.ts';
import { SLH_DSA_PARAMETER_SETS } from '../../src/algorithms/slh-dsa/parameter-sets.ts';
import { plainSpelling, type Spellings } from '../../src/base/spelling.ts';
import type { BundleFormat } from '../../src/ca/bundle.ts';
import { PROFILE_NAMES, type ProfileName } from '../../src/ca/profile.ts';
import type { curveOid, extendedKeyUsageOid } from '../../src/formats/oids.ts';
import type { CipherName } from '../../src/algorithms/passwords/ciphers.ts';
import type { MacName } from '../../src/formats/pkcs12/mac.ts';
import type { RawAlgorithm } from '../../src/formats/private-keys/raw-private-key.ts';
import type { FileEncoding, FileForm } from '../../src/keys/key-file.ts';
import type { KeyTarget } from '../../src/keys/key-targets.ts';
import type { KeyFormat } from '../../src/keys/key.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../src/revocation/reasons.ts';
import type { RevocationMode, VerificationProfile } from '../../src/verification/request.ts';
import { KEY_USAGES, type KeyUsage } from '../../src/x509/extensions/key-usage.ts';

type SpellingsOf<Value extends string> = Readonly<Record<Value, readonly string[]>>;

/** The names of the object identifiers (RFC 9881 §2). */
export const PARAMETER_SETS: SpellingsOf<MlDsaParameterSetName> = {
  'ml-dsa-44': ['id-ml-dsa-44'],
  'ml-dsa-65': ['id-ml-dsa-65'],
  'ml-dsa-87': ['id-ml-dsa-87'],
};

/** The names of the object identifiers (RFC 9909 §3). */
export const SLH_DSA_SPELLINGS = withIdPrefix(SLH_DSA_PARAMETER_SETS);

function withIdPrefix<Value extends string>(values: readonly Value[]): SpellingsOf<Value> {
  return Object.fromEntries(values.map((value) => [value, [`id-${value}`]])) as unknown as SpellingsOf<Value>;
}

/** The names of the object identifiers (RFC 9935 §3), without the prefix that the others have. */
export const ML_KEM_SPELLINGS: SpellingsOf<MlKemParameterSetName> = {
  'ml-kem-512': ['id-alg-ml-kem-512'],
  'ml-kem-768': ['id-alg-ml-kem-768'],
  'ml-kem-1024': ['id-alg-ml-kem-1024'],
};

/** The names of RFC 9881 §6, and those of OpenSSL for `ml-dsa.output_formats`. */
export const FORMATS: SpellingsOf<KeyFormat> = {
  seed: ['seed-only'],
  expanded: ['expandedKey', 'priv-only'],
  both: ['seed-priv'],
};

export const CLASSICAL_FAMILIES: SpellingsOf<'rsa' | 'ecdsa'> = {
  rsa: ['rsaEncryption'],
  ecdsa: ['EC', 'ecPublicKey', 'id-ecPublicKey'],
};

/** RFC 5480 §2.1.1.1, X9.62, and the prefix of NIST. */
export const CURVES: SpellingsOf<keyof typeof curveOid> = {
  'P-256': ['prime256v1', 'secp256r1', 'nistp256'],
  'P-384': ['secp384r1', 'nistp384'],
  'P-521': ['secp521r1', 'nistp521'],
};

export const RAW_ALGORITHM_SPELLINGS: SpellingsOf<RawAlgorithm> = {
  ...PARAMETER_SETS,
  ...SLH_DSA_SPELLINGS,
  ...ML_KEM_SPELLINGS,
  ed25519: ['id-Ed25519', 'OKP'],
};

export const KEY_FILE_FORMS: SpellingsOf<FileForm> = {
  pkcs8: ['PrivateKeyInfo', 'OneAsymmetricKey', 'PRIVATE KEY'],
  'encrypted-pkcs8': ['EncryptedPrivateKeyInfo', 'ENCRYPTED PRIVATE KEY', 'pkcs8-encrypted', 'p8'],
  pkcs12: ['PFX', 'p12'],
  pkcs1: ['RSA PRIVATE KEY', 'RSAPrivateKey', 'traditional-rsa'],
  sec1: ['EC PRIVATE KEY', 'ECPrivateKey', 'traditional-ec'],
  jwk: ['JSON Web Key'],
  raw: ['raw seed', 'raw key'],
};

export const KEY_FILE_ENCODINGS: SpellingsOf<FileEncoding> = {
  pem: [],
  der: [],
  json: [],
  binary: ['bin', 'octets'],
  hex: ['hexadecimal'],
};

/** The names of OpenSSL, and those of the object identifiers (RFC 8018 appendix B.2.5, RFC 5084 §3.2). */
export const CIPHER_SPELLINGS: SpellingsOf<Exclude<CipherName, 'des-ede3-cbc'>> = {
  'aes-128-cbc': ['id-aes128-CBC', 'AES128', 'aes-128'],
  'aes-192-cbc': ['id-aes192-CBC', 'AES192', 'aes-192'],
  'aes-256-cbc': ['id-aes256-CBC', 'AES256', 'aes-256'],
  'aes-128-gcm': ['id-aes128-GCM'],
  'aes-192-gcm': ['id-aes192-GCM'],
  'aes-256-gcm': ['id-aes256-GCM'],
};

export const KDF_SPELLINGS: SpellingsOf<'pbkdf2' | 'scrypt'> = {
  pbkdf2: ['id-PBKDF2'],
  scrypt: ['id-scrypt'],
};

export const MAC_SPELLINGS: SpellingsOf<MacName> = {
  hmac: ['hmac-sha256', 'hmacWithSHA256', 'pkcs12kdf'],
  pbmac1: ['id-PBMAC1', 'RFC 9879'],
};

export const TARGET_SPELLINGS: SpellingsOf<KeyTarget> = {
  openssl: [],
  java: ['jdk', 'openjdk', 'keytool'],
  go: ['golang'],
  node: ['nodejs', 'node.js'],
  windows: ['dotnet', '.net', 'iis'],
  hsm: ['pkcs11'],
};

export const BUNDLE_SPELLINGS: SpellingsOf<BundleFormat> = {
  pkcs12: ['PFX', 'p12'],
  pkcs7: ['p7b', 'p7c', 'cms'],
  'pem-chain': ['pem', 'fullchain', 'chain'],
  nginx: ['apache'],
  haproxy: ['combined'],
  zip: [],
};

export const VERIFICATION_PROFILE_SPELLINGS: SpellingsOf<VerificationProfile> = {
  path: ['rfc5280-path', 'pkits'],
  rfc5280: ['pkix'],
  webpki: ['cabf', 'cabf-tls'],
};

export const REVOCATION_MODE_SPELLINGS: SpellingsOf<RevocationMode> = {
  require: ['required', 'hard-fail'],
  'if-available': ['soft-fail'],
  ignore: ['none', 'off'],
};

export const PROFILE_SPELLINGS = noOthers(PROFILE_NAMES) satisfies SpellingsOf<ProfileName>;

/** OpenSSL prints `Certificate Sign`; contentCommitment is the newer name of nonRepudiation (X.509 §9.2.2.3). */
export const KEY_USAGE_SPELLINGS: SpellingsOf<KeyUsage> = {
  ...noOthers(KEY_USAGES),
  nonRepudiation: ['contentCommitment'],
  keyCertSign: ['Certificate Sign'],
};

/** As OpenSSL prints them. */
const PRINTED_PURPOSES: SpellingsOf<keyof typeof extendedKeyUsageOid> = {
  anyExtendedKeyUsage: [],
  serverAuth: ['TLS Web Server Authentication'],
  clientAuth: ['TLS Web Client Authentication'],
  codeSigning: [],
  emailProtection: [],
  timeStamping: [],
  OCSPSigning: [],
  documentSigning: [],
};

/** With the names of RFC 5280 §4.2.1.12. */
export const PURPOSES: Spellings = Object.fromEntries(
  Object.entries(PRINTED_PURPOSES).map(([name, others]) => [name, [...others, `id-kp-${name}`]]),
);

/** With the numbers of CRLReason (RFC 5280 §5.3.1), as ACME and programs for CRLs write them. */
export const REVOCATION_REASON_SPELLINGS = Object.fromEntries(
  Object.entries(REVOCATION_REASONS).map(([name, code]) => [name, [String(code)]]),
) as unknown as SpellingsOf<RevocationReason>;

function noOthers<Value extends string>(values: readonly Value[]): SpellingsOf<Value> {
  return Object.fromEntries(values.map((value) => [value, []])) as unknown as SpellingsOf<Value>;
}

/** Values that callers take for one of a list, and why they are not. */
const OTHERS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/^dilithium/, 'Dilithium is the draft before ML-DSA, with other keys and signatures'],
  [/^(?:ml-?kem|kyber)/, 'ML-KEM keys cannot sign, so a CA certifies their public key'],
  [/^slhdsa/, 'SLH-DSA is a value of the member key_algorithm'],
  [/^sphincs/, 'SPHINCS+ is the draft before SLH-DSA, with other signatures'],
  [/^(?:falcon|fndsa)/, 'of the post-quantum signatures, only ML-DSA and SLH-DSA are supported'],
  [/^(?:ed25519|ed448|eddsa)/, 'the service generates no EdDSA keys'],
  [/^dsa$/, 'DSA is not supported'],
  [/^rsa\d+$/, 'the size of an RSA key is the member rsa_key_size'],
  [/^ec(?:dsa)?(?:secp|nistp|p)\d+(?:r1)?$/, 'the curve is the member ec_curve'],
  [
    /^(?:nist)?(?:level|category|l)?[235]$/,
    'the NIST security categories 2, 3 and 5 are those of ml-dsa-44, ml-dsa-65 and ml-dsa-87',
  ],
  [
    /^(?:removefromcrl|8)$/,
    'removeFromCRL is only in a delta CRL; POST /api/v1/certificates/{id}/release ends a hold',
  ],
  [/^secp256k1$/, 'secp256k1 is another curve, which is not supported'],
];

/** Returns the reason why a value that looks right is not supported, as the rest of a sentence. */
export const reasonAgainst = (value: string): string | undefined => {
  const plain = plainSpelling(value.slice(0, MAX_LENGTH));
  return OTHERS.find(([pattern]) => pattern.test(plain))?.[1];
};

const MAX_LENGTH = 64;
