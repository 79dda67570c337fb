/** The reply to a browser for a path that no route serves: a page that leads to the documentation. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { notFoundPage, PROBLEM_PAGE_POLICY } from './problem-html.ts';

/** Programs get the problem document, whose `detail` names the path that is probably meant. */
export function serveNotFoundPage(app: FastifyInstance, documentation: string): void {
  const page = notFoundPage(documentation);
  app.addHook('onSend', (request, reply, payload, done) => {
    const isUnknown = request.is404 && reply.problemCode === 'not-found';
    if (isUnknown) reply.header('Vary', [reply.getHeader('Vary') ?? [], 'Accept'].flat().join(', '));
    if (!isUnknown || !isNavigation(request)) return done(null, payload);
    reply.header('Content-Security-Policy', PROBLEM_PAGE_POLICY).type('text/html; charset=utf-8');
    return done(null, page);
  });
}

/** A client that also names JSON is a program. */
const isNavigation = (request: FastifyRequest): boolean =>
  (request.method === 'GET' || request.method === 'HEAD') &&
  request.namesHtml() &&
  !/\bjson\b/i.test(request.headers.accept ?? '');
