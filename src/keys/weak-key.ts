import { PkiError } from '../base/errors.ts';
import { readRsaPublicKey } from '../formats/rsa-public-key.ts';
import type { KeyBlocklist } from './key-blocklist.ts';
import type { PublicKey } from './key.ts';
import { rsaWeakness } from './weak-rsa.ts';

/** Throws PkiError invalid-public-key for a well-formed key that is too weak to certify or trust. */
export function rejectWeakKey(key: PublicKey, blocklist?: KeyBlocklist): void {
  if (blocklist?.includes(key) === true)
    throw new PkiError(
      'invalid-public-key',
      'The key is on the list of keys that this service does not accept',
    );
  if (key.family !== 'rsa') return;
  const { modulus, publicExponent } = readRsaPublicKey(key.bits);
  const weakness = rsaWeakness(numberOf(modulus), numberOf(publicExponent));
  if (weakness !== undefined) throw new PkiError('invalid-public-key', `The RSA key ${weakness}`);
}

const numberOf = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);
