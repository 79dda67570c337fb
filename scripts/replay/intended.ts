/** Replies that differ from those of the old service on purpose. */

import type { Answer } from '../doctor/deployment.ts';
import { membersOf } from '../doctor/deployment.ts';
import type { Recorded } from './recording.ts';

export interface Intended {
  readonly was: number;
  readonly is: number;
  /** The code of the problem that is returned now; undefined if the reply is not a problem document. */
  readonly code: string | undefined;
  /** The expected detail, if the code alone could have another meaning. */
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
      'an unknown member was ignored; now it is refused by its name, so that a mistyped is_CA is not ignored',
  },
  {
    was: 200,
    is: 400,
    code: 'invalid-subject',
    reason: 'an attribute without a value was omitted from the subject; now it is refused by its name',
  },
  {
    was: 500,
    is: 400,
    code: 'invalid-request',
    reason: 'an invalid request was an internal error; now the reply names the member',
  },
  {
    was: 500,
    is: 400,
    code: 'invalid-json',
    reason: 'an invalid request was an internal error; now the reply describes the error',
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
