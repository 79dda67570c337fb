/** Paths and methods that no route serves. */

import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError } from './errors/problem.ts';

export const notFound = fp(
  async (app) => {
    // After the rate limits counted it, and before its body is read.
    app.addHook('onRequest', async (request) => {
      if (request.is404) throw notFoundError(request);
    });
    // For a route that finds no content, such as a file of the documentation.
    app.setNotFoundHandler((request) => {
      throw notFoundError(request);
    });
  },
  { name: 'not-found', dependencies: ['errors', 'limits'] },
);

function notFoundError(request: FastifyRequest): ProblemError {
  const allowed = allowedMethods(request);
  if (allowed.length === 0 || allowed.includes(request.method)) {
    return new ProblemError({ code: 'not-found', detail: 'Endpoint not found' });
  }
  return new ProblemError({
    code: 'method-not-allowed',
    detail: `This path supports the methods ${allowed.join(', ')}`,
    headers: { Allow: allowed.join(', ') },
  });
}

/** RFC 9110 §10.2.1. Without OPTIONS, because the CORS plugin has a route for it at every path. */
const allowedMethods = ({ server, url }: FastifyRequest): readonly string[] =>
  server.supportedMethods.filter(
    (method) => method !== 'OPTIONS' && server.findRoute({ method, url }) !== null,
  );
