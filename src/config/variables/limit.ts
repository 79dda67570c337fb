/** Limits. */

import { Type } from 'typebox';

export const LIMIT_VARIABLES = {
  RATE_LIMIT_PER_HOUR: Type.Integer({
    minimum: 0,
    // One process serves 2,400 requests a second, which are 8,640,000 an hour.
    maximum: 1_000_000_000,
    default: 100,
    description:
      'Requests of one client per hour. Health checks do not count. 0 means no limit. ' +
      'In development on a loopback address without TRUST_PROXY the default is 1000.',
  }),
  RATE_LIMIT_GENERATE_PER_MINUTE: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 10,
    description:
      'Requests of one client per minute that create certificates, keys or CSRs. A request that is rejected as invalid does not count. 0 means no limit. ' +
      'In development on a loopback address without TRUST_PROXY the default is 100.',
  }),
  RATE_LIMIT_FAILED_AUTH_PER_MINUTE: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 20,
    description:
      'Requests of one address per minute with wrong or missing credentials. Above the limit its credentials are not checked. 0 means no limit.',
  }),
  RATE_LIMIT_OCSP_PER_MINUTE: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 600,
    description:
      'OCSP responses per minute that are signed for one address, because the request has a nonce or no signed response is in memory. Above the limit the reply is tryLater. 0 means no limit.',
  }),
  REDIS_URL: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      writeOnly: true,
      examples: ['redis://:password@redis.internal:6379/0'],
      description:
        'Redis in which all processes share the counts of the rate limits. `rediss://` uses TLS. Without it each process counts alone. `REDIS_URL_FILE` may name a file with the URL.',
    }),
  ),
  BODY_LIMIT: Type.Integer({
    minimum: 1024,
    maximum: 16_777_216,
    default: 262_144,
    description: 'Maximum length of a request body, in bytes.',
  }),
  QUEUE_LIMIT: Type.Integer({
    minimum: 1,
    maximum: 100_000,
    default: 64,
    description:
      'Maximum work in progress or waiting, counted in ML-DSA certificates. Further requests are refused with status 503.',
  }),
  MAX_CONNECTIONS: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: 2000,
    description: 'Maximum number of open connections. Further ones are closed at once.',
  }),
  MAX_CONNECTIONS_PER_ADDRESS: Type.Integer({
    minimum: 0,
    maximum: 1_000_000,
    default: 0,
    description:
      'Maximum number of open connections of one address (of one /64 for IPv6) to one process. Further ones are closed at once. ' +
      'Proxies of TRUST_PROXY have no such limit. 0 means no limit. Set it when clients connect without a proxy.',
  }),
};
