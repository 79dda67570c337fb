/** Public keys as they come in certificates and requests: the algorithm is one of ours, and the bits are such a key. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import type { ClassicalName } from '../algorithms/classical.ts';
import { ML_DSA, type MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../base/errors.ts';
import {
  COORDINATE_LENGTH,
  ED25519_LENGTH,
  readKeyAlgorithm,
  RSA_MODULUS,
  type CurveName,
} from '../formats/key-algorithm.ts';
import { asBuffer } from '../base/octets.ts';
import type { Der } from '../formats/der/header.ts';
import { bitLength, readRsaPublicKey } from '../formats/rsa-public-key.ts';
import { encodeMlDsaPublicKey, readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { PublicKey } from './key.ts';

/** OpenSSL verifies with no larger public exponent once the modulus is long; in bits. */
const MAX_EXPONENT = 64;

const ALGORITHM_OF_CURVE: Readonly<Record<CurveName, ClassicalName>> = Object.freeze({
  'P-256': 'ecdsa-p256',
  'P-384': 'ecdsa-p384',
  'P-521': 'ecdsa-p521',
});

/** Reads SubjectPublicKeyInfo, DER. Throws PkiError invalid-der, invalid-public-key or unsupported-algorithm. */
export function readPublicKey(spki: Der): PublicKey {
  const { algorithm, bits } = readSubjectPublicKeyInfo(spki);
  const key = readKeyAlgorithm(algorithm);
  switch (key.family) {
    case 'ml-dsa':
      requireLength(`an ${key.parameterSet} public key`, bits, ML_DSA[key.parameterSet].publicKeyLength);
      return { family: 'ml-dsa', algorithm: key.parameterSet, spki, bits };
    case 'rsa':
      return { family: 'rsa', algorithm: `rsa-${checkedModulusLength(bits)}`, spki, bits };
    case 'ecdsa':
      requirePoint(key.curve, spki, bits);
      return { family: 'ecdsa', algorithm: ALGORITHM_OF_CURVE[key.curve], spki, bits };
    case 'ed25519':
      requireLength('an Ed25519 public key', bits, ED25519_LENGTH);
      return { family: 'ed25519', algorithm: 'ed25519', spki, bits };
  }
}

/** The public key around pk. */
export function mlDsaPublicKey(parameterSet: MlDsaParameterSetName, publicKey: Uint8Array): PublicKey {
  const spki = encodeMlDsaPublicKey(parameterSet, publicKey);
  return { family: 'ml-dsa', algorithm: parameterSet, spki, bits: spki.subarray(-publicKey.length) };
}

/** For node:crypto. Throws PkiError invalid-public-key. */
export function keyObjectOf(spki: Uint8Array): KeyObject {
  try {
    return createPublicKey({ key: asBuffer(spki), format: 'der', type: 'spki' });
  } catch {
    throw invalid('the public key is none of its algorithm');
  }
}

function requireLength(what: string, bits: Uint8Array, length: number): void {
  if (bits.length !== length) throw invalid(`${what} must have ${length} octets, not ${bits.length}`);
}

/** Returns the length of the modulus in bits. */
function checkedModulusLength(bits: Uint8Array): number {
  const { modulus, publicExponent: exponent } = readRsaPublicKey(bits);
  const length = bitLength(modulus);
  if (!isOddAndPositive(modulus) || length < RSA_MODULUS.min || length > RSA_MODULUS.max)
    throw invalid(`an RSA modulus must be odd and have ${RSA_MODULUS.min} to ${RSA_MODULUS.max} bits`);
  // RFC 8017 §3.1: from 3 to n - 1
  if (!isOddAndPositive(exponent) || bitLength(exponent) < 2 || bitLength(exponent) > MAX_EXPONENT)
    throw invalid(`an RSA public exponent must be odd, 3 or more, and have at most ${MAX_EXPONENT} bits`);
  return length;
}

const isOddAndPositive = (integer: Uint8Array): boolean =>
  (integer[0] ?? 0) < 0x80 && ((integer.at(-1) ?? 0) & 1) === 1;

const UNCOMPRESSED = 0x04;

/** RFC 5480 §2.2: 04 ‖ x ‖ y; that the point lies on the curve, OpenSSL checks. */
function requirePoint(curve: CurveName, spki: Der, bits: Uint8Array): void {
  if (bits[0] !== UNCOMPRESSED)
    throw invalid(`a ${curve} public key must be an uncompressed point, 04 ‖ x ‖ y`);
  requireLength(`a ${curve} public key`, bits, 1 + 2 * COORDINATE_LENGTH[curve]);
  keyObjectOf(spki);
}

const invalid = (sentence: string): PkiError => new PkiError('invalid-public-key', sentence);
