/** What a caller should know about a certificate that was issued, apart from the notes of reading (`formats/reading.ts`). */

import type { PathStep } from '../base/errors.ts';
import type { PublicKey } from '../keys/key.ts';
import { isPublishedKey } from '../keys/published-key.ts';

/** The codes, each with what it says. */
export const ISSUANCE_NOTES = Object.freeze({
  'published-key': 'the private key of the CSR is published',
  'issuer-chosen': 'several certificates have the key of the CA, and one of them was chosen',
  'certificates-ignored': 'certificates of the CA that are not part of the chain are ignored',
  'purposes-narrowed': 'the CA limits the purposes of the certificate, so it has fewer than the default',
  'possession-not-proved': 'the caller sent a public key without a proof of possession',
  'encapsulation-key': 'the key cannot sign, so the certificate is for key encipherment only',
  'related-request-ignored': 'the CSR names a related certificate, which was not given',
  'private-key-not-repeated': 'a repeated request gets the certificate, and not again the private key',
} as const);

export interface IssuanceNote {
  readonly code: keyof typeof ISSUANCE_NOTES;
  /** A whole sentence. */
  readonly message: string;
  /** Path of the input that the note is about. */
  readonly path: readonly PathStep[];
}

/** `path` is that of the input with the key. */
export const publishedKeyNotes = (
  publicKey: PublicKey,
  path: readonly PathStep[],
): readonly IssuanceNote[] =>
  isPublishedKey(publicKey)
    ? [
        {
          code: 'published-key',
          message: 'The private key of the CSR is published, so the certificate is for tests only',
          path,
        },
      ]
    : [];
