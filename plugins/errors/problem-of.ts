/** Turns a thrown error into the problem that the caller sees. */

import { PkiError } from '../../src/base/errors.ts';
import { PolicyViolationError } from '../../src/policy/policy-violation.ts';
import { ProblemError, type MemberError, type Problem } from './problem.ts';
import { memberErrors, memberName, type Confusions, type ValidationError } from './validation-error.ts';

/** Returns the JSON Pointer (RFC 6901) of the member of the request that an input of the domain came from. */
export type PointerOf = (path: PkiError['path']) => string;

/** How the members of the requests of some routes are named. */
export interface MemberNames extends Confusions {
  readonly pointerOf: PointerOf;
}

/** The members of the request have the names of the inputs. */
const SAME_NAMES: MemberNames = Object.freeze({
  pointerOf: (path: PkiError['path']) => path.map((step) => `/${step}`).join(''),
  synonyms: {},
  reasonAgainst: () => undefined,
});

/** Returns undefined for a bug, about which the caller learns nothing. */
export function problemOf(error: unknown, names = SAME_NAMES): Problem | undefined {
  if (error instanceof ProblemError) return error.problem;
  if (error instanceof PolicyViolationError) return policyProblem(error, names.pointerOf);
  if (error instanceof PkiError) return domainProblem(error, names.pointerOf);
  if (!(error instanceof Error)) return undefined;
  return validationProblem(error, names) ?? frameworkProblem(error) ?? libraryProblem(error);
}

/** The v1 contract promises this text. */
export const UNAUTHORIZED: Problem = { code: 'unauthorized', detail: 'Invalid or missing API key' };

export const INTERNAL_ERROR: Problem = { code: 'internal-error', detail: 'Internal server error' };

/** The contract promises that the message names the member. */
function domainProblem({ code, message, path }: PkiError, pointerOf: PointerOf): Problem {
  const headers = code === 'overloaded' ? { headers: { 'Retry-After': '2' } } : {};
  const pointer = pointerOf(path);
  if (pointer === '') return { code, detail: message, ...headers };
  const detail = aboutMember(pointer, message);
  return { code, detail, errors: [{ pointer, message: detail }], ...headers };
}

const aboutMember = (pointer: string, message: string): string =>
  pointer === '' ? message : `${memberName(pointer)}: ${message}`;

/** Every reason, with the rule and the version of the profile. */
const policyProblem = (
  { code, message, profile, refusals }: PolicyViolationError,
  pointerOf: PointerOf,
): Problem => ({
  code,
  detail: message,
  errors: refusals.map(({ path, rule, value, message: reason }) => ({
    pointer: pointerOf(path),
    message: aboutMember(pointerOf(path), reason),
    rule,
    ...(value !== undefined && { value }),
    profile,
  })),
});

function validationProblem(error: Error, confusions: Confusions): Problem | undefined {
  if (!('validation' in error && Array.isArray(error.validation))) return undefined;
  const errors = memberErrors(error.validation as ValidationError[], confusions);
  return { code: 'invalid-request', detail: summaryOf(errors), errors };
}

/** One sentence, because old clients show only this one. */
function summaryOf([first, ...others]: readonly MemberError[]): string {
  if (first === undefined) return 'The request is invalid';
  return others.length === 0 ? first.message : `${first.message} (and ${others.length} more in \`errors\`)`;
}

/** Fastify's own messages echo the URL and name settings of the server, so they are replaced. */
function frameworkProblem(error: Error): Problem | undefined {
  if (!('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return UNSUPPORTED_MEDIA_TYPE;
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return { code: 'invalid-message', detail: 'The length of the body differs from Content-Length' };
    case 'FST_ERR_BAD_URL':
      return { code: 'invalid-message', detail: 'The path of the URL is malformed' };
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return { code: 'uri-too-long', detail: 'A part of the path is too long' };
    default:
      return undefined;
  }
}

/** A library blames the caller, for example for an unsatisfiable Range. */
function libraryProblem(error: Error): Problem | undefined {
  if (!('statusCode' in error && typeof error.statusCode === 'number')) return undefined;
  if (error.statusCode < 400 || error.statusCode > 499) return undefined;
  return { code: 'invalid-message', detail: 'The request is invalid' };
}

/** RFC 9110 §15.5.16; Accept-Post: W3C Linked Data Platform §7.1. */
export const UNSUPPORTED_MEDIA_TYPE: Problem = {
  code: 'unsupported-media-type',
  detail: 'The body must be JSON in UTF-8, sent with Content-Type: application/json',
  headers: { Accept: 'application/json', 'Accept-Post': 'application/json' },
};
