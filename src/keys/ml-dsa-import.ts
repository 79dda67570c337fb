/** Import of ML-DSA private keys with the consistency checks of RFC 9881 §8.2. */

import { timingSafeEqual } from 'node:crypto';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { readMlDsaPrivateKey } from '../formats/ml-dsa-private-key.ts';
import { invalidPrivateKey } from '../formats/private-key-info.ts';
import { MlDsaSigningKey, type MlDsa } from './ml-dsa-signing-key.ts';

/** `privateKey` is the contents of that member of a OneAsymmetricKey. Throws PkiError invalid-private-key. */
export async function importMlDsaKey(
  mlDsa: MlDsa,
  parameterSet: MlDsaParameterSetName,
  privateKey: Uint8Array,
): Promise<MlDsaSigningKey> {
  const { seed, expandedKey } = readMlDsaPrivateKey(privateKey, parameterSet);
  if (seed === undefined) return importExpandedKey(mlDsa, parameterSet, expandedKey);
  if (expandedKey !== undefined) await requireExpansionOf(mlDsa, parameterSet, seed, expandedKey);
  return new MlDsaSigningKey(mlDsa, await mlDsa.engine.importKey({ parameterSet, seed }));
}

async function importExpandedKey(
  mlDsa: MlDsa,
  parameterSet: MlDsaParameterSetName,
  expandedKey: Uint8Array,
): Promise<MlDsaSigningKey> {
  // Throws unless every part of the key fits the others
  await mlDsa.expandedKeys.publicKeyOf(parameterSet, expandedKey);
  const key = await mlDsa.engine.importKey({ parameterSet, expandedKey });
  return new MlDsaSigningKey(mlDsa, key, new Uint8Array(expandedKey));
}

async function requireExpansionOf(
  { expandedKeys }: MlDsa,
  parameterSet: MlDsaParameterSetName,
  seed: Uint8Array,
  expandedKey: Uint8Array,
): Promise<void> {
  const regenerated = await expandedKeys.expand(parameterSet, seed);
  try {
    if (!timingSafeEqual(regenerated, expandedKey))
      throw invalidPrivateKey('the expanded key is not the expansion of the seed beside it (RFC 9881 §8.2)');
  } finally {
    regenerated.fill(0);
  }
}
