/** Problem responses in the OpenAPI document: each is written once, in the components, with an example. */

import { documentOf, type Problem } from '../errors/problem.ts';
import { INTERNAL_ERROR, UNAUTHORIZED, UNSUPPORTED_MEDIA_TYPE } from '../errors/problem-of.ts';
import { operationsOf, type OpenapiDocument, type Response } from './document.ts';

interface Component {
  readonly name: string;
  readonly example: Problem;
}

const DAYS = '`days` must be a whole number from 1 to 7300';
const MEDIA_TYPE = 'application/problem+json';
const REQUEST_ID = '0b9f3c1e-8a47-4d6f-9f0b-2f6f6f0a7c11';

const RETRY_AFTER = Object.freeze({
  'Retry-After': {
    required: true,
    description: 'Seconds after which to try again.',
    schema: { type: 'integer', minimum: 1 },
  },
});

const WWW_AUTHENTICATE = Object.freeze({
  'WWW-Authenticate': {
    required: true,
    description: 'What is wrong with the key or token (RFC 6750 §3).',
    schema: { type: 'string' },
  },
});

const HEADERS: Readonly<Record<string, object>> = Object.freeze({
  401: WWW_AUTHENTICATE,
  403: WWW_AUTHENTICATE,
  429: RETRY_AFTER,
  503: RETRY_AFTER,
});

const COMPONENTS: Readonly<Record<string, Component>> = Object.freeze({
  400: {
    name: 'BadRequest',
    example: { code: 'invalid-request', detail: DAYS, errors: [{ pointer: '/days', message: DAYS }] },
  },
  401: {
    name: 'Unauthorized',
    example: {
      ...UNAUTHORIZED,
      extensions: { hint: 'Send X-API-Key: <key>, or Authorization: Bearer <key>' },
    },
  },
  403: {
    name: 'Forbidden',
    example: {
      code: 'forbidden',
      detail: 'This needs the scope certs:issue, which the key or token does not have',
    },
  },
  408: {
    name: 'RequestTimeout',
    example: { code: 'request-timeout', detail: 'The request took too long to arrive' },
  },
  413: {
    name: 'ContentTooLarge',
    example: { code: 'body-too-large', detail: 'The body is larger than the limit of this service' },
  },
  415: { name: 'UnsupportedMediaType', example: UNSUPPORTED_MEDIA_TYPE },
  429: {
    name: 'TooManyRequests',
    example: {
      code: 'rate-limited',
      detail: 'Rate limit exceeded: 10 requests in 60 seconds; try again in 42 seconds',
      extensions: { 'violated-policies': ['issuing'] },
    },
  },
  431: {
    name: 'HeaderFieldsTooLarge',
    example: {
      code: 'headers-too-large',
      detail:
        'The header of the request must be smaller than 16 KiB, or 32 KiB when proxies forward certificates',
    },
  },
  500: { name: 'InternalServerError', example: INTERNAL_ERROR },
  503: { name: 'ServiceUnavailable', example: { code: 'unavailable', detail: 'The service is stopping' } },
});

/** Moves the problem responses of every operation to the components, and refers to them. */
export function shareProblemResponses(document: OpenapiDocument): void {
  const shared: Record<string, object> = {};
  for (const { responses } of operationsOf(document)) {
    for (const [status, response] of Object.entries(responses)) {
      const component = COMPONENTS[status];
      if (component === undefined || '$ref' in response) continue;
      shared[component.name] ??= documented(status, response, component.example);
      responses[status] = { $ref: `#/components/responses/${component.name}` };
    }
  }
  document.components.responses = shared;
}

const documented = (status: string, response: Response, example: Problem): object => ({
  ...response,
  ...(HEADERS[status] && { headers: HEADERS[status] }),
  content: {
    [MEDIA_TYPE]: { ...response.content?.[MEDIA_TYPE], example: documentOf(example, REQUEST_ID, '') },
  },
});
