/** Problem documents (RFC 9457) that also carry `error`, which the v1 contract promises. */

import { Type, type Static } from 'typebox';
import { ErrorWithoutStackTrace } from '../../src/base/without-stack-trace.ts';
import { PROBLEM_CODES, PROBLEM_KINDS, problemType, type ProblemCode } from './problem-codes.ts';
import { requestUri } from './request-id.ts';

/** The error of one request. */
export interface Problem {
  readonly code: ProblemCode;
  /** A sentence for the caller: what is invalid and what is expected. */
  readonly detail: string;
  readonly errors?: readonly MemberError[];
  /** Extension members (RFC 9457 §3.2). */
  readonly extensions?: Readonly<Record<string, unknown>>;
  /** The member `error`, where the v1 contract fixes another text than `detail`. */
  readonly error?: string;
  /** Header fields of the reply. */
  readonly headers?: Readonly<Record<string, string>>;
  /** For the log only: the caller must not know it. */
  readonly reason?: string;
}

export interface MemberError {
  /** JSON Pointer (RFC 6901) of the invalid member. */
  readonly pointer: string;
  readonly message: string;
  /** The rule of a profile that refuses it, such as `names.dns.allow`. */
  readonly rule?: string;
  /** What the rule refuses. */
  readonly value?: string;
  /** Name and version of the profile. */
  readonly profile?: string;
}

/** Thrown by plugins. `problemOf` turns other errors into problems. */
export class ProblemError extends ErrorWithoutStackTrace {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

export const ProblemSchema = Type.Object(
  {
    type: Type.String({
      format: 'uri-reference',
      description:
        'Identifies the kind of problem: a URL, relative to that of the request, of a page that explains it.',
    }),
    title: Type.String({
      description: 'The kind of problem in words; the same for all problems of the kind.',
    }),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What is invalid and what is expected.' }),
    instance: Type.String({
      format: 'uri-reference',
      description: 'Identifies this problem. The log has the same identifier.',
    }),
    code: Type.Enum([...PROBLEM_CODES], {
      type: 'string',
      description: 'The kind of problem, for programs.',
    }),
    error: Type.String({
      description: 'The same sentence as `detail`, or the text that the v1 contract fixes.',
    }),
    errors: Type.Optional(
      Type.Array(
        Type.Object({
          pointer: Type.String({ description: 'JSON Pointer (RFC 6901) of the invalid member.' }),
          message: Type.String(),
          rule: Type.Optional(
            Type.String({ description: 'The rule of a profile that refuses it (code `policy-violation`).' }),
          ),
          value: Type.Optional(Type.String({ description: 'What the rule refuses.' })),
          profile: Type.Optional(
            Type.String({ description: 'Name and version of the profile, such as `web@3`.' }),
          ),
        }),
      ),
    ),
    'violated-policies': Type.Optional(
      Type.Array(Type.String(), { description: 'The rate limits that were reached (code `rate-limited`).' }),
    ),
    hint: Type.Optional(
      Type.String({ description: 'The credentials that the service accepts (code `unauthorized`).' }),
    ),
    checks: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        description: 'For /readyz: `ok` or the reason why the service is not ready, by name of the check.',
      }),
    ),
  },
  {
    $id: 'Problem',
    description: 'Problem document (RFC 9457).',
    examples: [
      {
        type: problemType('invalid-request', ''),
        title: PROBLEM_KINDS['invalid-request'].title,
        status: 400,
        detail: '`days` must be a whole number from 1 to 7300',
        instance: 'urn:uuid:0b9f3c1e-8a47-4d6f-9f0b-2f6f6f0a7c11',
        code: 'invalid-request',
        error: '`days` must be a whole number from 1 to 7300',
        errors: [{ pointer: '/days', message: '`days` must be a whole number from 1 to 7300' }],
      },
    ],
  },
);

export type ProblemDocument = Static<typeof ProblemSchema>;

/** Returns the document. The log has the same `requestId`, and `basePath` is the variable BASE_PATH. */
export function documentOf(problem: Problem, requestId: string, basePath: string): ProblemDocument {
  const { status, title } = PROBLEM_KINDS[problem.code];
  return {
    type: problemType(problem.code, basePath),
    title,
    status,
    detail: problem.detail,
    instance: requestUri(requestId),
    code: problem.code,
    error: problem.error ?? problem.detail,
    ...(problem.errors === undefined ? {} : { errors: [...problem.errors] }),
    ...problem.extensions,
  };
}

/** Returns `application/json` for a client that accepts it but no problem document (RFC 9457 §3). */
export function mediaTypeFor(accept: string | undefined): string {
  const onlyJson = accept !== undefined && JSON_TYPE.test(accept) && !PROBLEM_TYPE.test(accept);
  return onlyJson ? 'application/json; charset=utf-8' : 'application/problem+json; charset=utf-8';
}

const JSON_TYPE = /\bapplication\/json\b/i;
const PROBLEM_TYPE = /\bapplication\/(?:problem\+json|\*)|\*\/\*/i;
