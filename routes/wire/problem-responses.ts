/** The problem responses of each route, for the OpenAPI document. */

import type { RouteOptions } from 'fastify';

const EVERY_ROUTE: Readonly<Record<number, string>> = {
  400: 'The request is invalid; `errors` names the member.',
  408: 'The request did not arrive within 15 seconds.',
  431: 'The header of the request is larger than 16 KiB, or 32 KiB when proxies forward certificates.',
  500: 'The service failed. The reply does not say why.',
  503: 'The service is stopping or overloaded, or cannot sign or write its audit log. Try again after `Retry-After` seconds.',
};

const WITH_BODY: Readonly<Record<number, string>> = {
  413: 'The body is larger than BODY_LIMIT.',
  415: 'The body is not application/json in UTF-8.',
};

const GUARDED: Readonly<Record<number, string>> = {
  401: 'The request has no valid API key or token.',
  403: 'The API key or token does not have the required scope.',
};

const LIMITED: Readonly<Record<number, string>> = {
  429: 'The client reached a rate limit. Try again after `Retry-After` seconds.',
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
