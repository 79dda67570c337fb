/** What a caller should know about its certificate. */

import type { PathStep } from '../base/errors.ts';
import { POSSESSION_NOT_PROVED } from '../ca/given-key.ts';
import type { IssuanceNote } from '../ca/issuance-notes.ts';
import type { Note } from '../formats/reading.ts';
import type { KeySource } from './order.ts';

export type OrderNote = Note | IssuanceNote;

const PATHS: Readonly<Record<KeySource['from'], readonly PathStep[]>> = {
  csr: ['request'],
  'public-key': ['publicKey'],
  'new-key': [],
  predecessor: ['renew'],
};

/** The domain finds the faults of a key at `request`, wherever the key is from. */
export const pathOfKey = ({ from }: KeySource): readonly PathStep[] => PATHS[from];

/** Notes about the way in which the caller orders. */
export function notesOn(key: KeySource, isReplay: boolean): readonly OrderNote[] {
  if (key.from === 'public-key') return [POSSESSION_NOT_PROVED];
  if (key.from !== 'new-key' || !isReplay) return [];
  return [
    {
      code: 'private-key-not-repeated',
      message: 'The private key was returned once and is not stored; if it is lost, rekey the certificate',
      path: [],
    },
  ];
}

/** The caller did not send the CA, and not always a CSR. */
export const notesOfIssuance = (notes: readonly OrderNote[], key: KeySource): readonly OrderNote[] =>
  notes.map((note) => {
    const [first, ...rest] = note.path;
    if (first === 'authority') return { ...note, path: [] };
    return first === 'request' ? { ...note, path: [...pathOfKey(key), ...rest] } : note;
  });
