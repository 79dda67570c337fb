import type { Der } from '../formats/der/header.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import { LENIENT, STRICT, type Reading } from '../formats/reading.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import { PkiError } from '../base/errors.ts';
import type { PublicKey } from './key.ts';
import { familyOfKey } from './registry.ts';

/**
 * Reads SubjectPublicKeyInfo, DER. The key that is returned has the encoding of the standards, whatever was read. Throws
 * PkiError invalid-der, invalid-public-key or unsupported-algorithm.
 */
export function readPublicKey(spki: Der, reading: Reading = STRICT): PublicKey {
  const { algorithm, bits } = readSubjectPublicKeyInfo(spki);
  const identifier = readAlgorithmIdentifier(algorithm);
  return familyOfKey(identifier.oid).readPublicKey({ spki, algorithm: identifier, bits }, reading);
}

/** Whether `spki` is the key in any encoding that `reading` accepts. */
export function isSameKey(key: PublicKey, spki: Der, reading: Reading = STRICT): boolean {
  if (Buffer.compare(key.spki, spki) === 0) return true;
  try {
    return Buffer.compare(key.spki, readPublicKey(spki, reading).spki) === 0;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

/** Whether `spki` has the encoding that is written. Throws PkiError for a key that is not supported or invalid. */
export const isCanonicalKey = (spki: Der): boolean =>
  Buffer.compare(readPublicKey(spki, LENIENT).spki, spki) === 0;
