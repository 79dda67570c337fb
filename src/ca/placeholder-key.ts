/** Public keys of the right size without a private key: a preview shows what a certificate would contain before there is a key. */

import { createECDH } from 'node:crypto';
import { CLASSICAL, type ClassicalName } from '../algorithms/classical.ts';
import { ML_DSA, type MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { ML_KEM, type MlKemParameterSetName } from '../algorithms/ml-kem/parameter-sets.ts';
import { KEY_ALGORITHMS } from '../algorithms/registry.ts';
import { SLH_DSA, type SlhDsaParameterSetName } from '../algorithms/slh-dsa/parameter-sets.ts';
import { encodeAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import type { Der } from '../formats/der/header.ts';
import { bitString, nullValue, objectIdentifier, sequence, unsignedInteger } from '../formats/der/writer.ts';
import type { CurveName } from '../formats/curves.ts';
import { ED25519_LENGTH, mlKemAlgorithm, slhDsaAlgorithm } from '../formats/key-algorithm.ts';
import { curveOid, keyAlgorithmOid } from '../formats/oids.ts';
import { SIGNATURE_ALGORITHM } from '../formats/signature-algorithm.ts';
import { encodeMlDsaPublicKey, encodeSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type {
  CertifiableAlgorithmName,
  KeyAlgorithmName,
  KeyFamily,
  PublicKey,
  Signer,
} from '../keys/key.ts';
import { readPublicKey } from '../keys/public-key.ts';

const isMlDsa = (algorithm: CertifiableAlgorithmName): algorithm is MlDsaParameterSetName =>
  Object.hasOwn(ML_DSA, algorithm);

const isMlKem = (algorithm: CertifiableAlgorithmName): algorithm is MlKemParameterSetName =>
  Object.hasOwn(ML_KEM, algorithm);

const isSlhDsa = (algorithm: CertifiableAlgorithmName): algorithm is SlhDsaParameterSetName =>
  Object.hasOwn(SLH_DSA, algorithm);

export const familyOf = (algorithm: KeyAlgorithmName): KeyFamily => KEY_ALGORITHMS[algorithm].family;

/** There is no private key, so nothing can be signed. */
export const placeholderSigner = (algorithm: KeyAlgorithmName): Signer => ({
  publicKey: placeholderKey(algorithm),
  signatureAlgorithm: signatureAlgorithmOf(algorithm),
  sign: () => Promise.reject(new Error('A placeholder has no private key')),
});

export const placeholderKey = (algorithm: CertifiableAlgorithmName): PublicKey =>
  readPublicKey(publicKeyOf(algorithm));

function publicKeyOf(algorithm: CertifiableAlgorithmName): Der {
  if (isMlDsa(algorithm))
    return encodeMlDsaPublicKey(algorithm, new Uint8Array(ML_DSA[algorithm].publicKeyLength));
  if (isSlhDsa(algorithm))
    return encodeSubjectPublicKeyInfo(
      slhDsaAlgorithm(algorithm),
      new Uint8Array(SLH_DSA[algorithm].publicKeyLength),
    );
  if (isMlKem(algorithm))
    return encodeSubjectPublicKeyInfo(
      mlKemAlgorithm(algorithm),
      new Uint8Array(ML_KEM[algorithm].publicKeyLength),
    );
  return classicalKey(algorithm);
}

function signatureAlgorithmOf(algorithm: KeyAlgorithmName): Der {
  if (isMlDsa(algorithm)) return SIGNATURE_ALGORITHM['ml-dsa'][algorithm];
  if (isSlhDsa(algorithm)) return slhDsaAlgorithm(algorithm);
  const { family, digest } = CLASSICAL[algorithm];
  return family === 'ed25519' ? SIGNATURE_ALGORITHM.ed25519 : SIGNATURE_ALGORITHM[family][digest];
}

function classicalKey(algorithm: ClassicalName): Der {
  const parameters = CLASSICAL[algorithm];
  switch (parameters.family) {
    case 'rsa':
      return rsaKey(parameters.modulusLength / 8);
    case 'ecdsa':
      return basePoint(CURVES[algorithm as keyof typeof CURVES]);
    case 'ed25519':
      return sequence(
        encodeAlgorithmIdentifier(keyAlgorithmOid.Ed25519),
        bitString(new Uint8Array(ED25519_LENGTH)),
      );
  }
}

/** The modulus has its first and last bit. */
function rsaKey(modulusLength: number): Der {
  const modulus = new Uint8Array(modulusLength);
  modulus[0] = 0x80;
  modulus[modulusLength - 1] = 1;
  return sequence(
    encodeAlgorithmIdentifier(keyAlgorithmOid.rsaEncryption, nullValue()),
    bitString(sequence(unsignedInteger(modulus), unsignedInteger(65_537))),
  );
}

/** Names of the curves in the standards and in OpenSSL. */
const CURVES = Object.freeze({
  'ecdsa-p256': ['P-256', 'prime256v1'],
  'ecdsa-p384': ['P-384', 'secp384r1'],
  'ecdsa-p521': ['P-521', 'secp521r1'],
} as const) satisfies Partial<Record<ClassicalName, readonly [CurveName, string]>>;

/** The base point of the curve, which is the public key of the private key 1. */
function basePoint([curve, opensslName]: readonly [CurveName, string]): Der {
  const ecdh = createECDH(opensslName);
  ecdh.setPrivateKey(Buffer.of(1));
  return sequence(
    encodeAlgorithmIdentifier(keyAlgorithmOid['id-ecPublicKey'], objectIdentifier(curveOid[curve])),
    bitString(new Uint8Array(ecdh.getPublicKey())),
  );
}

const ED25519_SIGNATURE = 64;

/** Returns the octets of a signature by this key; for ECDSA, whose signatures differ in length, the most. */
export function signatureLength({ family, algorithm, bits }: PublicKey): number {
  switch (family) {
    case 'ml-dsa':
      return ML_DSA[algorithm as MlDsaParameterSetName].signatureLength;
    case 'slh-dsa':
      return SLH_DSA[algorithm as SlhDsaParameterSetName].signatureLength;
    case 'ed25519':
      return ED25519_SIGNATURE;
    case 'rsa':
      return Math.ceil(Number(algorithm.slice(algorithm.lastIndexOf('-') + 1)) / 8);
    case 'ecdsa':
      return ecdsaSignatureLength((bits.length - 1) / 2);
    case 'ml-kem':
      throw new TypeError('A key of ML-KEM has no signatures');
  }
}

/** Ecdsa-Sig-Value with both numbers at their longest; `coordinate` is the length of a number of the curve. */
function ecdsaSignatureLength(coordinate: number): number {
  // The order of P-521 has 521 bits, so a number of 66 octets has no sign octet before it.
  const longest = new Uint8Array(coordinate).fill(coordinate === 66 ? 0x01 : 0xff);
  return sequence(unsignedInteger(longest), unsignedInteger(longest)).length;
}
