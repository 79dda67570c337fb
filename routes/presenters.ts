/** PEM members of answers. Octets stay octets until they are sent: a private key never becomes a string. */

import { encodePem } from '../src/formats/pem.ts';
import type { KeyFormat, SigningKey } from '../src/keys/key.ts';
import { DEFAULTS } from './members.ts';

export interface PemKeyPair {
  /** Secret: whoever sends it zeroes it. */
  readonly private_key: Uint8Array;
  readonly public_key: Uint8Array;
}

export async function presentKeyPair(
  key: SigningKey,
  format: KeyFormat = DEFAULTS.keyFormat,
): Promise<PemKeyPair> {
  const pkcs8 = await key.exportPkcs8(format);
  try {
    return {
      private_key: encodePem('PRIVATE KEY', pkcs8),
      public_key: encodePem('PUBLIC KEY', key.publicKey.spki),
    };
  } finally {
    pkcs8.fill(0);
  }
}

export const presentCertificate = (certificate: Uint8Array): Uint8Array =>
  encodePem('CERTIFICATE', certificate);
