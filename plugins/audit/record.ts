/** A record of the audit log. Public facts only: never a key, a body or a credential. */

import { PkiError } from '../../src/base/errors.ts';
import { hexadecimal } from '../../src/base/hexadecimal.ts';
import type {
  IssuanceEvent,
  IssuanceRequested,
  IssuedFacts,
  Outcome,
  RequestedFacts,
} from '../../src/ca/use-case.ts';
import { ProblemError } from '../errors/problem.ts';

export interface AuditRecord extends RequestedFacts, Omit<IssuedFacts, 'keyIdentifier'> {
  /** Such as `certificate/generate`. */
  readonly operation: string;
  readonly outcome: Outcome;
  /** Value of the subjectKeyIdentifier, capital hexadecimal with colons. */
  readonly key?: string;
  /** Code of the problem, when nothing was issued. */
  readonly problem?: string;
}

/** Returns one record for each thing that was issued, or one for the error. */
export function recordsOf(event: IssuanceEvent): readonly AuditRecord[] {
  if (event.outcome !== 'success') return [failureRecord(event, event.outcome, event.error)];
  const { operation, requested } = event;
  return event.issued.map(({ facts }) => ({
    operation,
    ...requested,
    ...withReadableKey(facts),
    outcome: 'success',
  }));
}

export const failureRecord = (
  { operation, requested }: IssuanceRequested,
  outcome: Outcome,
  error: unknown,
): AuditRecord => ({ operation, ...requested, outcome, problem: codeOf(error) });

/** Longer than any subject that is certified in practice. */
const MAX_NAME_LENGTH = 256;

const withReadableKey = ({ keyIdentifier, subject, issuer, ...facts }: IssuedFacts) => ({
  ...facts,
  ...(keyIdentifier && { key: hexadecimal(keyIdentifier) }),
  ...(subject !== undefined && { subject: subject.slice(0, MAX_NAME_LENGTH) }),
  ...(issuer !== undefined && { issuer: issuer.slice(0, MAX_NAME_LENGTH) }),
});

function codeOf(error: unknown): string {
  if (error instanceof ProblemError) return error.problem.code;
  return error instanceof PkiError ? error.code : 'internal-error';
}
