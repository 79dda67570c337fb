/** PEM members of replies. A private key stays octets until it is sent; public data is a string, which is faster. */

import type { Sizes } from '../../src/ca/sizes.ts';
import { Base64Text } from '../../src/formats/base64.ts';
import { encodePem, encodePublicPem } from '../../src/formats/pem.ts';
import type { PemLabel } from '../../src/formats/pem-label.ts';
import type { KeyFormat, KeyPair } from '../../src/keys/key.ts';
import { DEFAULTS } from './fields.ts';

export interface PemKeyPair {
  /** Secret: the sender zeroes it. */
  readonly private_key: Uint8Array;
  readonly public_key: Base64Text;
}

export async function presentKeyPair(
  key: KeyPair,
  format: KeyFormat = DEFAULTS.keyFormat,
): Promise<PemKeyPair> {
  const pkcs8 = await key.exportPkcs8(format);
  try {
    return {
      private_key: encodePem('PRIVATE KEY', pkcs8),
      public_key: presentPem('PUBLIC KEY', key.publicKey.spki),
    };
  } finally {
    pkcs8.fill(0);
  }
}

/** Returns base64 of the PEM text. */
export const presentPem = (label: PemLabel, der: Uint8Array): Base64Text =>
  new Base64Text(encodePublicPem(label, der));

/** Returns base64 of the concatenated PEM texts. */
export const presentCertificate = (...chain: readonly Uint8Array[]): Base64Text =>
  new Base64Text(Buffer.concat(chain.map(certificatePem)));

/** The first certificate, alone and with those above it. */
export function presentChain([certificate, ...higher]: readonly [Uint8Array, ...Uint8Array[]]) {
  const pem = certificatePem(certificate);
  return {
    certificate: new Base64Text(pem),
    chain: new Base64Text(Buffer.concat([pem, ...higher.map(certificatePem)])),
  };
}

const certificatePem = (der: Uint8Array): Buffer => encodePublicPem('CERTIFICATE', der);

export const presentKeySizes = ({ publicKey, signature }: Omit<Sizes, 'der'>) => ({
  public_key: publicKey,
  signature,
});
