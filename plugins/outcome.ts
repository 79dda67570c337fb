import { PkiError } from '../src/base/errors.ts';
import { PROBLEM_KINDS } from './errors/problem-codes.ts';

/** How an act of issuing ends: done, not possible as it was asked for, or a fault of ours. */
export const OUTCOMES = Object.freeze(['success', 'refused', 'failed'] as const);
export type Outcome = (typeof OUTCOMES)[number];

/** What an error that ended it means. */
export const outcomeOf = (error: unknown): Outcome =>
  error instanceof PkiError && PROBLEM_KINDS[error.code].status < 500 ? 'refused' : 'failed';
