/** How often one address may fail to say who it is, so that nobody finds credentials by trying. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { addressOf } from './client.ts';
import { fieldsOf } from './fields.ts';
import { createLimiters, exceeded, type LimitState } from './limiter.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly failedAuthentication: FailedAuthentication;
  }
}

export interface FailedAuthentication {
  /** Before credentials are looked at. Throws ProblemError for an address that has failed as often as it may. */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Counts credentials that are wrong or missing. Throws ProblemError where others have used up the rest meanwhile. */
  count(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

export const failedAuthentication = fp(
  async (app) => {
    const { RATE_LIMIT_FAILED_AUTH_PER_MINUTE } = app.config;
    const policy = { name: 'failed-auth', quota: RATE_LIMIT_FAILED_AUTH_PER_MINUTE, window: 60 };
    const limiters = createLimiters(app, policy, addressOf);
    app.decorate('failedAuthentication', {
      async check(request, reply) {
        for (const limiter of limiters) {
          const standing = await limiter.read(request);
          if (standing.remaining === 0) refuse(standing, request, reply);
        }
      },
      async count(request, reply) {
        for (const limiter of limiters) {
          const standing = await limiter.count(request);
          if (standing.isExceeded) refuse(standing, request, reply);
        }
      },
    });
  },
  { name: 'failed-authentication', dependencies: ['config', 'errors', 'limit-store'] },
);

function refuse(standing: LimitState, { server }: FastifyRequest, reply: FastifyReply): never {
  reply.headers(fieldsOf([standing], server.limitStore.degraded));
  throw exceeded(standing);
}
