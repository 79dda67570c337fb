/** Every error becomes a problem document, which says no more than the caller should know. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { BARE_HEADERS } from './connection-errors.ts';
import type { ProblemCode } from './problem-codes.ts';
import { INTERNAL_ERROR, problemOf, type MemberNames } from './problem-of.ts';
import { documentOf, mediaTypeFor, ProblemSchema, type Problem } from './problem.ts';

type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

declare module 'fastify' {
  interface FastifyInstance {
    /** Returns an error handler for routes whose members have other names than the inputs of the domain. */
    createErrorHandler(names: MemberNames): ErrorHandler;
  }

  interface FastifyReply {
    /** Code of the problem that was sent. */
    problemCode?: ProblemCode;
    /** Its extension members. */
    problemExtensions?: Problem['extensions'];
    /** Its reason, which is not sent. */
    problemReason?: Problem['reason'];
  }
}

export const errors = fp(
  async (app) => {
    app.addSchema(ProblemSchema);
    app.decorateReply('problemCode');
    app.decorateReply('problemExtensions');
    app.decorateReply('problemReason');
    app.decorate('createErrorHandler', createErrorHandler);
    app.setErrorHandler(answerError);
  },
  { name: 'errors', dependencies: ['config'] },
);

const createErrorHandler =
  (names?: MemberNames): ErrorHandler =>
  (error, request, reply) => {
    const problem = problemOf(error, names);
    if (problem === undefined) request.log.error({ err: error }, 'unexpected error');
    return sendProblem(problem ?? INTERNAL_ERROR, request, reply);
  };

const answerError = createErrorHandler();

/** Fastify's `frameworkErrors`: a URL that cannot be routed reaches no hook and no error handler. */
export function answerFrameworkError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(BARE_HEADERS);
  answerError(error, request, reply);
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const document = documentOf(problem, request.id, request.server.config.BASE_PATH);
  reply.problemCode = problem.code;
  reply.problemExtensions = problem.extensions;
  reply.problemReason = problem.reason;
  return reply
    .code(document.status)
    .headers({ ...(document.status === 503 && RETRY), ...problem.headers })
    .type(mediaTypeFor(request.headers.accept))
    .send(JSON.stringify(document));
}

/** RFC 9110 §15.6.4, in seconds: time for another process to take over. */
const RETRY = { 'Retry-After': '10' };
