import fp from 'fastify-plugin';
import { ProblemError } from './errors/problem.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** Throws a problem 406 that names the media types that are available (RFC 9110 §15.5.7). */
    refuseAccept(available: readonly string[]): never;
  }
}

export const notAcceptable = fp(
  async (app) => {
    app.decorateReply('refuseAccept', (available: readonly string[]): never => {
      throw new ProblemError({
        code: 'not-acceptable',
        detail: `Accept must allow one of ${available.join(', ')}`,
      });
    });
  },
  { name: 'not-acceptable', dependencies: ['errors'] },
);
