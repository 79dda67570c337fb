/** Where this service answers otherwise than the old one, on purpose. */

import type { Answer } from '../doctor/deployment.ts';
import { membersOf } from '../doctor/deployment.ts';
import type { Recorded } from './recording.ts';

export interface Intended {
  readonly was: number;
  readonly is: number;
  /** Of the problem that is answered now; undefined where the answer is no problem. */
  readonly code: string | undefined;
  /** What the detail says, where the code alone could mean something else. */
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
      'a member that is not known was ignored; now it is named, so that a mistyped is_CA is not signed silently',
  },
  {
    was: 200,
    is: 400,
    code: 'invalid-subject',
    reason: 'an attribute without a value was left out of the subject silently; now it is named',
  },
  {
    was: 500,
    is: 400,
    code: 'invalid-request',
    reason: 'a mistake of the client was a fault of the service; now the member is named',
  },
  {
    was: 500,
    is: 400,
    code: 'invalid-json',
    reason: 'a mistake of the client was a fault of the service; now it is told',
  },
  {
    was: 500,
    is: 200,
    code: undefined,
    reason: 'alternative names in the documented form, DNS:www.example.com, failed; now they are certified',
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
