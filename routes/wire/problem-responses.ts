/** The problem responses of each route, for the OpenAPI document. */

import type { RouteOptions } from 'fastify';

/** Only statuses that a client handles in its own way. */
const EVERY_ROUTE: Readonly<Record<string, string>> = {
  400: 'The request is invalid; `errors` names the members.',
  503: 'The service is stopping or overloaded, or cannot sign or write its audit log. Try again after `Retry-After` seconds.',
  default: 'Another problem. `status` and `code` say which.',
};

const GUARDED: Readonly<Record<string, string>> = {
  401: 'The request has no valid API key or token.',
  403: 'The API key or token does not have the required scope.',
};

const LIMITED: Readonly<Record<string, string>> = {
  429: 'The client reached a rate limit. Try again after `Retry-After` seconds.',
};

/** Fastify's `onRoute`: adds the problem documents (plugins/errors) to the responses of a route. */
export function documentErrors({ schema, config }: RouteOptions): void {
  if (schema === undefined) return;
  const descriptions = {
    ...EVERY_ROUTE,
    ...(config?.scope === 'public' ? {} : GUARDED),
    // Failed authentication has a limit of its own.
    ...(config?.limit === 'none' && config.scope === 'public' ? {} : LIMITED),
  };
  schema.response = { ...problemResponses(descriptions), ...(schema.response as object | undefined) };
}

/** By status: the descriptions of problem documents. */
export const problemResponses = (descriptions: Readonly<Record<string, string>>): object =>
  Object.fromEntries(
    Object.entries(descriptions).map(([status, description]) => [
      status,
      { description, content: { 'application/problem+json': { schema: { $ref: 'Problem#' } } } },
    ]),
  );
