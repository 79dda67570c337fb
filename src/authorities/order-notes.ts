/** What a caller should know about the key of its certificate. */

import type { PathStep } from '../base/errors.ts';
import type { PublicKey } from '../keys/key.ts';
import { isPublishedKey } from '../keys/published-key.ts';
import type { KeySource } from './order.ts';

export interface OrderNote {
  readonly code: 'published-key' | 'possession-not-proved' | 'private-key-not-repeated';
  /** A whole sentence. */
  readonly message: string;
  /** Path of the input that the note is about. */
  readonly path: readonly PathStep[];
}

const PATHS: Readonly<Record<KeySource['from'], readonly PathStep[]>> = {
  csr: ['request'],
  'public-key': ['publicKey'],
  'new-key': [],
  predecessor: ['renew'],
};

export const notesOn = (
  { from }: KeySource,
  publicKey: PublicKey,
  isReplay: boolean,
): readonly OrderNote[] => [
  ...(isPublishedKey(publicKey)
    ? [note('published-key', 'The private key is published, so the certificate is for tests only', from)]
    : []),
  ...(from === 'public-key'
    ? [
        note(
          'possession-not-proved',
          'Nothing proves that the holder of the certificate has the private key; a CSR would',
          from,
        ),
      ]
    : []),
  ...(from === 'new-key' && isReplay
    ? [
        note(
          'private-key-not-repeated',
          'The private key was returned once and is not stored; if it is lost, rekey the certificate',
          from,
        ),
      ]
    : []),
];

const note = (code: OrderNote['code'], message: string, from: KeySource['from']): OrderNote => ({
  code,
  message,
  path: PATHS[from],
});

/** The domain finds the faults of a key at `request`, wherever the key is from. */
export const pathOfKey = ({ from }: KeySource): readonly PathStep[] => PATHS[from];
