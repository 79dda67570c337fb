/** Notes about input that was read, or a certificate that was issued, although the caller should know something about it. */

import { Type } from 'typebox';
import type { PathStep } from '../../src/base/errors.ts';
import { ISSUANCE_NOTES } from '../../src/ca/issuance-notes.ts';
import { STRICT } from './fields.ts';
import { pointerOf } from './pointers.ts';

interface Note {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PathStep[];
}

const codes = (): string =>
  Object.keys(ISSUANCE_NOTES)
    .map((code) => `\`${code}\``)
    .join(', ');

export const notes = Type.Array(
  Type.Object(
    {
      code: Type.String({
        description: `Kind of the note, for programs: ${codes()}, or a deviation of the input from the standard.`,
      }),
      message: Type.String({ description: 'The note in words.' }),
      at: Type.String({ description: 'JSON Pointer (RFC 6901) of the member that the note is about.' }),
    },
    STRICT,
  ),
  {
    description:
      'What the caller should know: deviations that were read although the standard forbids them, and facts about the certificate. Usually empty.',
  },
);

export const presentNotes = (given: readonly Note[]) =>
  given.map(({ code, message, path }) => ({ code, message, at: pointerOf(path) }));
