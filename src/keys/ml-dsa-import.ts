/** Import of ML-DSA private keys with the consistency checks of RFC 9881 §8.2. */

import { timingSafeEqual } from 'node:crypto';
import type { MlDsaParameterSetName } from '../algorithms/ml-dsa/parameter-sets.ts';
import { PkiError } from '../base/errors.ts';
import { readMlDsaPrivateKey } from '../formats/ml-dsa-private-key.ts';
import { invalidPrivateKey } from '../formats/private-key-info.ts';
import type { Reading } from '../formats/reading.ts';
import { MlDsaSigningKey, type MlDsa } from './ml-dsa-signing-key.ts';

/** `privateKey` is the contents of the member in a OneAsymmetricKey. Throws PkiError invalid-private-key. */
export async function importMlDsaKey(
  mlDsa: MlDsa,
  parameterSet: MlDsaParameterSetName,
  privateKey: Uint8Array,
  reading?: Reading,
): Promise<MlDsaSigningKey> {
  const given = readMlDsaPrivateKey(privateKey, parameterSet, reading);
  if (given.seed === undefined) {
    const key = await importExpandedKey(mlDsa, parameterSet, given.expandedKey);
    if (given.publicKey !== undefined) requirePublicKeyOf(key, given.publicKey);
    return key;
  }
  const { seed, expandedKey } = given;
  if (expandedKey !== undefined) await requireExpansionOf(mlDsa, parameterSet, seed, expandedKey);
  return new MlDsaSigningKey(mlDsa, await mlDsa.engine.importKey({ parameterSet, seed }));
}

function requirePublicKeyOf(key: MlDsaSigningKey, publicKey: Uint8Array): void {
  if (Buffer.compare(publicKey, key.publicKey.bits) === 0) return;
  key.destroy();
  throw invalidPrivateKey('The public key after the expanded key must be that of the private key');
}

async function importExpandedKey(
  mlDsa: MlDsa,
  parameterSet: MlDsaParameterSetName,
  expandedKey: Uint8Array,
): Promise<MlDsaSigningKey> {
  const key = await mlDsa.engine
    .importKey({ parameterSet, expandedKey })
    .catch((error: unknown) => explain(mlDsa, parameterSet, expandedKey, error));
  return new MlDsaSigningKey(mlDsa, key, new Uint8Array(expandedKey));
}

/** An engine does not say which part of the key is wrong. Throws an error that does, or else `error`. */
async function explain(
  { expandedKeys }: MlDsa,
  parameterSet: MlDsaParameterSetName,
  expandedKey: Uint8Array,
  error: unknown,
): Promise<never> {
  if (error instanceof PkiError && error.code === 'invalid-private-key')
    await expandedKeys.publicKeyOf(parameterSet, expandedKey);
  throw error;
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
      throw invalidPrivateKey('The expanded key must be the expansion of the seed (RFC 9881 §8.2)');
  } finally {
    regenerated.fill(0);
  }
}
