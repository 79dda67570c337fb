/** Every error leaves as a problem document, and none says more than the caller should know. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { BARE_HEADERS } from './connection-errors.ts';
import type { ProblemCode } from './problem-codes.ts';
import { INTERNAL_ERROR, problemOf } from './problem-of.ts';
import { documentOf, mediaTypeFor, ProblemSchema, type Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** What the reply tells of, where it tells of a problem. */
    problemCode?: ProblemCode;
    /** What else it says of that problem. */
    problemExtensions?: Problem['extensions'];
  }
}

export const errors = fp(
  async (app) => {
    app.addSchema(ProblemSchema);
    app.decorateReply('problemCode');
    app.decorateReply('problemExtensions');
    app.setErrorHandler(answerError);
  },
  { name: 'errors' },
);

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = problemOf(error);
  if (problem === undefined) request.log.error({ err: error }, 'unexpected error');
  return sendProblem(problem ?? INTERNAL_ERROR, request, reply);
}

/** Fastify's `frameworkErrors`: a URL that cannot be routed meets no hook and no error handler. */
export function answerFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(BARE_HEADERS);
  answerError(error, request, reply);
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const document = documentOf(problem, request.id);
  reply.problemCode = problem.code;
  reply.problemExtensions = problem.extensions;
  return reply
    .code(document.status)
    .headers({ ...(document.status === 503 && RETRY), ...problem.headers })
    .type(mediaTypeFor(request.headers.accept))
    .send(JSON.stringify(document));
}

/** RFC 9110 §15.6.4, in seconds: long enough for another process to have taken over. */
const RETRY = { 'Retry-After': '10' };
