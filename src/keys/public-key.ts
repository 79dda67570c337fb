import type { Der } from '../formats/der/header.ts';
import { readAlgorithmIdentifier } from '../formats/algorithm-identifier.ts';
import { readSubjectPublicKeyInfo } from '../formats/subject-public-key-info.ts';
import type { PublicKey } from './key.ts';
import { familyOfKey } from './registry.ts';

/** Reads SubjectPublicKeyInfo, DER. Throws PkiError invalid-der, invalid-public-key or unsupported-algorithm. */
export function readPublicKey(spki: Der): PublicKey {
  const { algorithm, bits } = readSubjectPublicKeyInfo(spki);
  const identifier = readAlgorithmIdentifier(algorithm);
  return familyOfKey(identifier.oid).readPublicKey({ spki, algorithm: identifier, bits });
}
