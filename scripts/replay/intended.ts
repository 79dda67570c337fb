/** Differences from the older service that are intended. */

import type { Answer } from '../doctor/deployment.ts';
import { membersOf } from '../doctor/deployment.ts';
import type { Recorded } from './recording.ts';

export interface Intended {
  readonly was: number;
  readonly is: number;
  /** The code of the problem document; undefined if the reply is not one. */
  readonly code: string | undefined;
  /** A pattern of the detail, if the code is not specific enough. */
  readonly detail?: RegExp;
  readonly reason: string;
}

export const INTENDED: readonly Intended[] = [
  {
    was: 200,
    is: 400,
    code: 'invalid-request',
    detail: /is not a member of this request/,
    reason:
      'an unknown member was ignored; now it is rejected by name, so a misspelled is_CA is not signed silently',
  },
  {
    was: 200,
    is: 400,
    code: 'invalid-subject',
    reason: 'an attribute without a value was silently left out of the subject; now it is rejected by name',
  },
  {
    was: 500,
    is: 400,
    code: 'invalid-request',
    reason: 'an error of the client was a server error; now the member is named',
  },
  {
    was: 500,
    is: 400,
    code: 'invalid-json',
    reason: 'an error of the client was a server error; now it is a client error',
  },
  {
    was: 500,
    is: 200,
    code: undefined,
    reason: 'alternative names in the documented form, DNS:www.example.com, failed; now they are accepted',
  },
];

export function intendedFor({ answer: { status: was } }: Recorded, answer: Answer): Intended | undefined {
  const { code, detail } = membersOf(answer);
  return INTENDED.find(
    (intended) =>
      intended.was === was &&
      intended.is === answer.status &&
      intended.code === code &&
      (intended.detail === undefined || intended.detail.test(typeof detail === 'string' ? detail : '')),
  );
}
