import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import { hasKeyFormats, type KeyFormat, type KeyPair } from './key.ts';

/**
 * Returns the PKCS #8 of an ML-DSA or ML-KEM key in `format`, or expanded when the key has no seed. The caller zeroes it.
 * `format` has no meaning for other keys.
 */
export async function exportPreferred(
  key: KeyPair,
  format: KeyFormat = 'seed',
): Promise<{ readonly pkcs8: Der; readonly keyFormat: KeyFormat }> {
  try {
    return { pkcs8: (await key.exportPkcs8(format)) as Der, keyFormat: format };
  } catch (error) {
    if (!(error instanceof PkiError) || error.code !== 'invalid-key-options') throw error;
    return { pkcs8: (await key.exportPkcs8('expanded')) as Der, keyFormat: 'expanded' };
  }
}

/** Throws PkiError invalid-key-options if a form of ML-DSA and ML-KEM keys is asked for a key of another family. */
export function checkKeyFormat({ publicKey: { family } }: KeyPair, format: KeyFormat | undefined): void {
  if (format !== undefined && !hasKeyFormats(family))
    throw new PkiError('invalid-key-options', `A key of ${family} has no seed and no expanded form`, [
      'keyFormat',
    ]);
}
