import { RSA_MODULUS } from '../formats/key-algorithm.ts';
import { bitLength, readRsaPublicKey } from '../formats/rsa-public-key.ts';
import { invalidPublicKey } from './public-key-checks.ts';

/** OpenSSL does not verify with a larger public exponent once the modulus is long; in bits. */
const MAX_EXPONENT = 64;

/**
 * Checks both numbers of an RSAPublicKey, and returns the length of the modulus in bits. Throws PkiError invalid-der or
 * invalid-public-key.
 */
export function modulusLength(bits: Uint8Array): number {
  const { modulus, publicExponent } = readRsaPublicKey(bits);
  const length = bitLength(modulus);
  if (!isOddAndPositive(modulus) || length < RSA_MODULUS.min || length > RSA_MODULUS.max)
    throw invalidPublicKey(
      `The RSA modulus must be odd and have ${RSA_MODULUS.min} to ${RSA_MODULUS.max} bits`,
    );
  // RFC 8017 §3.1: from 3 to n - 1
  if (
    !isOddAndPositive(publicExponent) ||
    bitLength(publicExponent) < 2 ||
    bitLength(publicExponent) > MAX_EXPONENT
  )
    throw invalidPublicKey(
      `The RSA public exponent must be odd, at least 3, and have at most ${MAX_EXPONENT} bits`,
    );
  return length;
}

const isOddAndPositive = (integer: Uint8Array): boolean =>
  (integer[0] ?? 0) < 0x80 && ((integer.at(-1) ?? 0) & 1) === 1;
