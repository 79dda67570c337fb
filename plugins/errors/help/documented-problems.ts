/** Every kind of problem with its documentation, for the pages below /docs/problems and for docs/problems.md. */

import { PROBLEM_CODES, PROBLEM_KINDS, type ProblemKind } from '../problem-codes.ts';
import { DOMAIN_HELP } from './domain-help.ts';
import { EDGE_HELP } from './edge-help.ts';
import type { ProblemHelp } from './problem-help.ts';
import { PROXY_PROBLEMS } from './proxy-problems.ts';

export interface DocumentedProblem extends ProblemKind, ProblemHelp {
  readonly code: string;
}

const HELP = { ...EDGE_HELP, ...DOMAIN_HELP };

/** The kinds that only a reverse proxy reports come last. */
export const DOCUMENTED_PROBLEMS: readonly DocumentedProblem[] = [
  ...PROBLEM_CODES.map((code) => ({ code, ...PROBLEM_KINDS[code], ...HELP[code] })),
  ...PROXY_PROBLEMS,
];
