import { sequence, unsignedInteger } from '../formats/der/writer.ts';
import { COORDINATE_LENGTH } from '../formats/curves.ts';
import type { Keys } from './key.ts';

/**
 * Whether a signature that does not verify is r ‖ s (IEEE P1363), as PKCS #11, Web Crypto and JOSE return it, and verifies as
 * Ecdsa-Sig-Value (RFC 5480 appendix A). Its halves have the length of a coordinate.
 */
export async function isRawEcdsaSignature(
  keys: Pick<Keys, 'verify'>,
  ...[key, algorithm, message, signature, reading]: Parameters<Keys['verify']>
): Promise<boolean> {
  const half = signature.length / 2;
  if (key.family !== 'ecdsa' || !LENGTHS.has(half)) return false;
  const [r, s] = [signature.subarray(0, half), signature.subarray(half)];
  return keys.verify(key, algorithm, message, sequence(unsignedInteger(r), unsignedInteger(s)), reading);
}

const LENGTHS: ReadonlySet<number> = new Set(Object.values(COORDINATE_LENGTH));
