/** What the documentation says about one kind of problem. */

import type { Problem } from '../problem.ts';

export interface ProblemHelp {
  /** When the service reports this problem. */
  readonly meaning: string;
  /** What the caller or the operator does about it. */
  readonly remedy: string;
  /** A problem of this kind. */
  readonly example: Omit<Problem, 'code' | 'headers' | 'reason'>;
}

/** Returns the example of a problem with one member of the body. */
export const aboutMember = (pointer: string, message: string): ProblemHelp['example'] => ({
  detail: message,
  errors: [{ pointer, message }],
});
