import { PkiError } from '../base/errors.ts';
import type { Der } from '../formats/der/header.ts';
import type { KeyFormat, PrivateKey } from './key.ts';

/**
 * Returns the PKCS #8 of an ML-DSA key in `format`, or expanded when the key has no seed. The caller zeroes it. `format` has
 * no meaning for other keys.
 */
export async function exportPreferred(
  key: PrivateKey,
  format: KeyFormat = 'seed',
): Promise<{ readonly pkcs8: Der; readonly keyFormat: KeyFormat }> {
  try {
    return { pkcs8: (await key.exportPkcs8(format)) as Der, keyFormat: format };
  } catch (error) {
    if (!(error instanceof PkiError) || error.code !== 'invalid-key-options') throw error;
    return { pkcs8: (await key.exportPkcs8('expanded')) as Der, keyFormat: 'expanded' };
  }
}

/** Throws PkiError invalid-key-options if a form of ML-DSA keys is asked for a key of another family. */
export function checkKeyFormat({ publicKey: { family } }: PrivateKey, format: KeyFormat | undefined): void {
  if (format !== undefined && family !== 'ml-dsa')
    throw new PkiError('invalid-key-options', `A key of ${family} has no seed and no expanded form`, [
      'keyFormat',
    ]);
}
