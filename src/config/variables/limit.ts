/** How much may be asked. */

import { Type } from 'typebox';

export const LIMIT_VARIABLES = {
  RATE_LIMIT_PER_HOUR: Type.Integer({
    minimum: 0,
    // One process serves 2,400 requests a second, which are 8,640,000 an hour.
    maximum: 1_000_000_000,
    default: 100,
    description: 'Requests that one client may make in an hour; health checks do not count. 0 sets no limit.',
  }),
  RATE_LIMIT_GENERATE_PER_MINUTE: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 10,
    description:
      'Requests for certificates, keys and signing requests that one client may make in a minute. 0 sets no limit.',
  }),
  RATE_LIMIT_FAILED_AUTH_PER_MINUTE: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 20,
    description:
      'Requests with wrong or missing credentials that one address may make in a minute; after them its credentials are not looked at. 0 sets no limit.',
  }),
  REDIS_URL: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      writeOnly: true,
      examples: ['redis://:password@redis.internal:6379/0'],
      description:
        'Redis in which all processes count for the rate limits together; `rediss://` for TLS. Without it each process counts for itself. `REDIS_URL_FILE` names a file that holds it.',
    }),
  ),
  BODY_LIMIT: Type.Integer({
    minimum: 1024,
    maximum: 16_777_216,
    default: 262_144,
    description: 'Longest request body, in bytes.',
  }),
  QUEUE_LIMIT: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: 64,
    description:
      'How much may be computed or wait for it at a time, in certificates of ML-DSA; what comes beyond it is refused with status 503.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 2000,
    description: 'Connections that may be open at a time; one more is closed at once.',
  }),
};
