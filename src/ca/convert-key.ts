/** Writes the private key of a caller in another form. */

import { writeKeyFile, type KeyFileChoice, type WrittenKeyFile } from '../keys/key-file.ts';
import type { KeyPair, PublicKey } from '../keys/key.ts';

export interface ConvertKeyInput {
  /** Reads and checks the key, which is destroyed here. */
  readonly key: () => Promise<KeyPair>;
  readonly choice: KeyFileChoice;
}

export interface ConvertedKey extends WrittenKeyFile {
  readonly publicKey: PublicKey;
}

/** Throws PkiError. */
export async function convertKey({ key: read, choice }: ConvertKeyInput): Promise<ConvertedKey> {
  const key = await read();
  try {
    return { ...(await writeKeyFile(key, choice)), publicKey: key.publicKey };
  } finally {
    key.destroy();
  }
}
