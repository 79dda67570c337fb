/** What a route may answer besides its own replies, for the OpenAPI document: every route says all of it. */

import type { RouteOptions } from 'fastify';

const EVERY_ROUTE: Readonly<Record<number, string>> = {
  400: 'The request or its HTTP message is not right; `errors` names the member.',
  408: 'The request took longer than 15 seconds to arrive.',
  431: 'The header of the request is longer than 16 KiB, or 32 KiB where proxies forward certificates.',
  500: 'The service failed; nothing is said of how.',
  503: 'The service is stopping, has too much to do, or cannot compute or keep its audit now; `Retry-After` says when to come back.',
};

const WITH_BODY: Readonly<Record<number, string>> = {
  413: 'The body is longer than BODY_LIMIT allows.',
  415: 'The body is not sent as application/json in UTF-8.',
};

const GUARDED: Readonly<Record<number, string>> = {
  401: 'The request shows no key or token that is good here.',
  403: 'The key or token does not have the scope that this needs.',
};

const LIMITED: Readonly<Record<number, string>> = {
  429: 'The client has used up a rate limit; `Retry-After` says when to come back.',
};

/** Fastify's `onRoute`: adds the problem documents (plugins/errors) to the responses of a route. */
export function documentErrors({ schema, config }: RouteOptions): void {
  if (schema === undefined) return;
  const descriptions = {
    ...EVERY_ROUTE,
    ...(config?.scope === 'public' ? {} : GUARDED),
    ...(schema.body === undefined ? {} : WITH_BODY),
    // Failed authentication has a limit of its own.
    ...(config?.limit === 'none' && config.scope === 'public' ? {} : LIMITED),
  };
  schema.response = { ...problemResponses(descriptions), ...(schema.response as object | undefined) };
}

const problemResponses = (descriptions: Readonly<Record<number, string>>): object =>
  Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } },
    ]),
  );
