/** What a client accepts (RFC 9110 §12.5.1). */

import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError } from './errors/problem.ts';

declare module 'fastify' {
  interface FastifyReply {
    /** Throws a problem 406 that names the media types that are available (RFC 9110 §15.5.7). */
    refuseAccept(available: readonly string[]): never;
  }

  interface FastifyRequest {
    /** Whether Accept names HTML, as a browser does. A program that accepts anything (an asterisk) gets JSON. */
    namesHtml(): boolean;
  }
}

export const accept = fp(
  async (app) => {
    app.decorateReply('refuseAccept', (available: readonly string[]): never => {
      throw new ProblemError({
        code: 'not-acceptable',
        detail: `Accept must allow one of ${available.join(', ')}`,
      });
    });
    app.decorateRequest('namesHtml', function (this: FastifyRequest): boolean {
      return HTML.test(this.headers.accept ?? '');
    });
  },
  { name: 'accept', dependencies: ['errors'] },
);

/** Without the weight 0, which means "not acceptable". */
const HTML = /\btext\/html\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i;
