/** Problem responses in the OpenAPI document: each is written once, under components, with one example. */

import { DOCUMENTED_PROBLEMS } from '../errors/help/documented-problems.ts';
import { exampleOf } from '../errors/help/example.ts';
import type { ProblemCode } from '../errors/problem-codes.ts';
import { operationsOf, type OpenapiDocument, type Response } from './document.ts';

interface Component {
  readonly name: string;
  /** The kind of the example. */
  readonly code: ProblemCode;
  readonly headers?: object;
}

const MEDIA_TYPE = 'application/problem+json';

const RETRY_AFTER = Object.freeze({
  'Retry-After': {
    required: true,
    description: 'Seconds after which to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
});

const WWW_AUTHENTICATE = Object.freeze({
  'WWW-Authenticate': {
    required: true,
    description: 'What is wrong with the key or token (RFC 6750 §3).',
    schema: { type: 'string' },
  },
});

/** By status; the names of `routes/wire/problem-responses.ts`. */
const COMPONENTS: Readonly<Record<string, Component>> = Object.freeze({
  400: { name: 'BadRequest', code: 'invalid-request' },
  401: { name: 'Unauthorized', code: 'unauthorized', headers: WWW_AUTHENTICATE },
  403: { name: 'Forbidden', code: 'forbidden', headers: WWW_AUTHENTICATE },
  429: { name: 'TooManyRequests', code: 'rate-limited', headers: RETRY_AFTER },
  503: { name: 'ServiceUnavailable', code: 'overloaded', headers: RETRY_AFTER },
  default: { name: 'OtherProblem', code: 'internal-error' },
});

/** Moves the problem responses of every operation to the components, and refers to them. */
export function shareProblemResponses(document: OpenapiDocument, basePath: string): void {
  const shared: Record<string, object> = {};
  for (const { responses } of operationsOf(document)) {
    for (const [status, response] of Object.entries(responses)) {
      const component = COMPONENTS[status];
      if (component === undefined || '$ref' in response) continue;
      shared[component.name] ??= documented(response, component, basePath);
      responses[status] = { $ref: `#/components/responses/${component.name}` };
    }
  }
  document.components.responses = shared;
}

const documented = (response: Response, { code, headers }: Component, basePath: string): object => ({
  ...response,
  ...(headers && { headers }),
  content: {
    [MEDIA_TYPE]: { ...response.content?.[MEDIA_TYPE], example: exampleOfCode(code, basePath) },
  },
});

function exampleOfCode(code: ProblemCode, basePath: string): object | undefined {
  const problem = DOCUMENTED_PROBLEMS.find((documentedProblem) => documentedProblem.code === code);
  return problem && exampleOf(problem, basePath);
}
