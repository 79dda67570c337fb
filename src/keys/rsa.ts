/** RSA keys of two primes, for signatures with PKCS #1 v1.5 padding; signatures of others may also have PSS padding. */

import { rsaDigest } from '../algorithms/classical.ts';
import { requireNullParameters } from '../formats/algorithm-identifier.ts';
import { assertRsaPrivateKey } from '../formats/classical-private-key.ts';
import { RSA_MODULUS } from '../formats/key-algorithm.ts';
import { keyAlgorithmOid } from '../formats/oids.ts';
import { bitLength, readRsaPublicKey } from '../formats/rsa-public-key.ts';
import { readRsaSignature, RSA_SIGNATURE_OIDS, SIGNATURE_ALGORITHM } from '../formats/signature-algorithm.ts';
import { classicalFamily } from './classical-family.ts';
import { invalidPublicKey } from './public-key-checks.ts';

export const rsa = classicalFamily({
  title: 'RSA',
  keyOids: [keyAlgorithmOid.rsaEncryption],
  signatureTitle: 'RSA with SHA-2',
  signatureOids: RSA_SIGNATURE_OIDS,
  readSignature: readRsaSignature,

  readPublicKey({ algorithm, spki, bits }) {
    requireNullParameters(algorithm);
    return { family: 'rsa', algorithm: `rsa-${modulusLength(bits)}`, spki, bits };
  },

  checkPrivateKey(algorithm, privateKey) {
    requireNullParameters(algorithm);
    assertRsaPrivateKey(privateKey);
  },

  signatureOf({ bits }) {
    const digest = rsaDigest(modulusLength(bits));
    return { digest, algorithm: SIGNATURE_ALGORITHM.rsa[digest] };
  },
});

/** OpenSSL does not verify with a larger public exponent once the modulus is long; in bits. */
const MAX_EXPONENT = 64;

/** Checks both numbers, and returns the length of the modulus in bits. */
function modulusLength(bits: Uint8Array): number {
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
