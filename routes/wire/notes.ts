/** Notes about a certificate that was issued although the caller should know something about it. */

import { Type } from 'typebox';
import type { PathStep } from '../../src/base/errors.ts';
import { STRICT } from './fields.ts';
import { pointerOf } from './pointers.ts';

export const notes = Type.Array(
  Type.Object(
    {
      code: Type.String({ description: 'Kind of the note, for programs: `published-key`.' }),
      message: Type.String({ description: 'The note in words.' }),
      at: Type.String({ description: 'JSON Pointer (RFC 6901) of the member that the note is about.' }),
    },
    STRICT,
  ),
  { description: 'What the caller should know about the certificate; empty when there is nothing.' },
);

interface Note {
  readonly code: string;
  readonly message: string;
  readonly path: readonly PathStep[];
}

export const presentNotes = (given: readonly Note[]) =>
  given.map(({ code, message, path }) => ({ code, message, at: pointerOf(path) }));
