/** Paths and methods that no route serves. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { closestName } from '../src/base/edit-distance.ts';
import { ProblemError } from './errors/problem.ts';

export const notFound = fp(
  async (app) => {
    const meantPath = createGuess(app);
    const notFoundError = (request: FastifyRequest): ProblemError =>
      wrongMethod(request) ?? unknownPath(meantPath(request.url));
    // After the rate limits counted it, and before its body is read.
    app.addHook('onRequest', (request, _reply, done) => {
      if (request.is404) throw notFoundError(request);
      done();
    });
    // For a route that finds no content, such as a file of the documentation.
    app.setNotFoundHandler((request) => {
      throw notFoundError(request);
    });
  },
  { name: 'not-found', dependencies: ['config', 'errors', 'limits'] },
);

/** Never a redirect: a client would repeat a POST elsewhere, or turn it into a GET. */
const unknownPath = (meant: string | undefined): ProblemError =>
  new ProblemError({
    code: 'not-found',
    detail: meant === undefined ? NOT_FOUND : `${NOT_FOUND}. Did you mean ${meant}?`,
    error: NOT_FOUND,
  });

/** The v1 contract promises this text. */
const NOT_FOUND = 'Endpoint not found';

/** Returns a function that finds the path that is probably meant. It knows the routes that are added after this call. */
function createGuess(app: FastifyInstance): (url: string) => string | undefined {
  const paths = new Set<string>();
  app.addHook('onRoute', ({ url, method }) => {
    if (method !== 'OPTIONS' && !/[:*]/.test(url) && url !== '') paths.add(url);
  });
  const { BASE_PATH } = app.config;
  return (url) => {
    const path = plainPath(url);
    if (path.length > MAX_LENGTH) return undefined;
    const known = [...paths];
    const same = known.find((candidate) => [path, `${BASE_PATH}${path}`].includes(candidate.toLowerCase()));
    return same ?? closestName(path, known);
  };
}

/** A path as this service writes paths: in lower case, without a query, and with single slashes, none at its end. */
const plainPath = (url: string): string =>
  (url.split(/[?#]/, 1)[0] ?? '')
    .toLowerCase()
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '');

/** Longer than each path of the service. */
const MAX_LENGTH = 256;

function wrongMethod(request: FastifyRequest): ProblemError | undefined {
  const allowed = allowedMethods(request);
  if (allowed.length === 0 || allowed.includes(request.method)) return undefined;
  return new ProblemError({
    code: 'method-not-allowed',
    detail: `This path supports the methods ${allowed.join(', ')}`,
    headers: { Allow: allowed.join(', ') },
  });
}

/**
 * RFC 9110 §10.2.1. Without OPTIONS, because the CORS plugin has a route for it at every path. The target `*` of OPTIONS is
 * not a path (RFC 9110 §7.1), but the router reads it as `/`.
 */
const allowedMethods = ({ server, url }: FastifyRequest): readonly string[] =>
  url === '*'
    ? []
    : server.supportedMethods.filter(
        (method) => method !== 'OPTIONS' && server.findRoute({ method, url }) !== null,
      );
