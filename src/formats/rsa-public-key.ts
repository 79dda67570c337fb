import { checkDer } from './der/strict.ts';
import { openSequence } from './der/structure-reader.ts';

/** Contents of the INTEGERs: two's complement, big-endian. */
export interface RsaPublicKey {
  readonly modulus: Uint8Array;
  readonly publicExponent: Uint8Array;
}

/**
 * RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER } (RFC 8017 appendix A.1.1). `bits` are the octets
 * of subjectPublicKey. Throws PkiError invalid-der or invalid-public-key.
 */
export function readRsaPublicKey(bits: Uint8Array): RsaPublicKey {
  const der = checkDer(bits, { subject: 'RSAPublicKey' });
  const reader = openSequence(der, { name: 'RSAPublicKey', code: 'invalid-public-key' });
  const key = { modulus: reader.integer('modulus'), publicExponent: reader.integer('publicExponent') };
  reader.end();
  return key;
}

/** Returns the number of bits of an INTEGER that is not negative; its first octet can be only a sign. */
export function bitLength(integer: Uint8Array): number {
  const magnitude = integer[0] === 0 ? integer.subarray(1) : integer;
  return magnitude.length * 8 - (Math.clz32(magnitude[0] ?? 0) - 24);
}
