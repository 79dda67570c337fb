/**
 * The values of the closed lists in requests, with the other spellings of the field: names of object identifiers, of
 * OpenSSL and of the standards. A spelling that differs only in its case or punctuation needs no entry here.
 */

import type { MlDsaParameterSetName } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { plainSpelling, type Spellings } from '../../src/base/spelling.ts';
import { PROFILE_NAMES, type ProfileName } from '../../src/ca/profile.ts';
import type { curveOid, extendedKeyUsageOid } from '../../src/formats/oids.ts';
import type { KeyFormat } from '../../src/keys/key.ts';
import { REVOCATION_REASONS, type RevocationReason } from '../../src/revocation/reasons.ts';
import { KEY_USAGES, type KeyUsage } from '../../src/x509/extensions/key-usage.ts';

type SpellingsOf<Value extends string> = Readonly<Record<Value, readonly string[]>>;

/** The names of the object identifiers (RFC 9881 §2). */
export const PARAMETER_SETS: SpellingsOf<MlDsaParameterSetName> = {
  'ml-dsa-44': ['id-ml-dsa-44'],
  'ml-dsa-65': ['id-ml-dsa-65'],
  'ml-dsa-87': ['id-ml-dsa-87'],
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
  [/^(?:ml-?kem|kyber)/, 'ML-KEM keys cannot sign'],
  [/^(?:slhdsa|sphincs|falcon|fndsa)/, 'of the post-quantum algorithms, only ML-DSA is supported'],
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
