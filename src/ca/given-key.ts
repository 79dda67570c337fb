/** A public key that a caller gives in place of a CSR, so nothing proves that the caller has the private key. */

import { atMember, PkiError, type PathStep } from '../base/errors.ts';
import type { PublicKey } from '../keys/key.ts';
import type { DistinguishedName } from '../x509/names/distinguished-name.ts';
import type { GeneralName } from '../x509/names/general-name-encoding.ts';
import type { IssuanceContext } from './issuance-context.ts';
import type { IssuanceNote } from './issuance-notes.ts';
import { contentOfKey, type RequestedContent } from './requested-content.ts';
import { encodeSubject, requireName } from './subject.ts';

export interface GivenKey {
  readonly publicKey: PublicKey;
  readonly subject: DistinguishedName;
}

/** Path of the input with the key. */
const PUBLIC_KEY: readonly PathStep[] = Object.freeze(['publicKey']);

export const POSSESSION_NOT_PROVED: IssuanceNote = Object.freeze<IssuanceNote>({
  code: 'possession-not-proved',
  message: 'Nothing proves that the holder of the certificate has the private key; a CSR would',
  path: PUBLIC_KEY,
});

/** Throws PkiError at `subject`, `subjectAltNames` or `publicKey`. */
export function contentOfGivenKey(
  context: Pick<IssuanceContext, 'blocklist'>,
  { publicKey, subject }: GivenKey,
  subjectAltNames: readonly GeneralName[],
): RequestedContent {
  const { name, attributes, ...names } = requireName(encodeSubject({ subject, subjectAltNames }));
  const certified = { subject: name, subjectName: attributes, subjectAltNames: names.subjectAltNames };
  return atMember('publicKey', () => contentOfKey(context, publicKey, certified));
}

/** Runs `task`. The domain finds the faults of a key at `request`; a PkiError there is thrown again at `path`. */
export async function atKey<T>(path: readonly PathStep[], task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    if (!(error instanceof PkiError) || error.path[0] !== 'request') throw error;
    throw new PkiError(error.code, error.message, [...path, ...error.path.slice(1)]);
  }
}

/** {@link atKey} for the key of {@link GivenKey}. */
export const atGivenKey = <T>(task: () => Promise<T>): Promise<T> => atKey(PUBLIC_KEY, task);

/** The notes of a certificate for a given key: those about the CSR are about the key. */
export const notesOnGivenKey = <Note extends { readonly path: readonly PathStep[] }>(
  notes: readonly Note[],
): readonly (Note | IssuanceNote)[] => [
  ...notes.map((note) =>
    note.path[0] === 'request' ? { ...note, path: [...PUBLIC_KEY, ...note.path.slice(1)] } : note,
  ),
  POSSESSION_NOT_PROVED,
];
