import { PkiError } from '../base/errors.ts';
import { readRsaPublicKey } from '../formats/rsa-public-key.ts';
import type { PublicKey } from './key.ts';
import { rsaWeakness } from './weak-rsa.ts';

/** Throws PkiError invalid-public-key for a well-formed key that is too weak to certify or trust. */
export function rejectWeakKey({ family, bits }: PublicKey): void {
  if (family !== 'rsa') return;
  const { modulus, publicExponent } = readRsaPublicKey(bits);
  const weakness = rsaWeakness(numberOf(modulus), numberOf(publicExponent));
  if (weakness !== undefined) throw new PkiError('invalid-public-key', `The RSA key ${weakness}`);
}

const numberOf = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);
