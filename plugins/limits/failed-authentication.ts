/** Limits failed authentications of one address, against guessing of credentials. */

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
  /** Called before credentials are checked. Throws ProblemError for an address that has reached the limit. */
  check(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Counts wrong or missing credentials. Throws ProblemError if other requests reached the limit meanwhile. */
  count(request: FastifyRequest, reply: FastifyReply): Promise<void>;
}

export const failedAuthentication = fp(
  async (app) => {
    const { RATE_LIMIT_FAILED_AUTH_PER_MINUTE } = app.config;
    const policy = {
      name: 'failed-auth',
      quota: RATE_LIMIT_FAILED_AUTH_PER_MINUTE,
      window: 60,
      variable: 'RATE_LIMIT_FAILED_AUTH_PER_MINUTE',
    };
    const limiters = createLimiters(app, policy, addressOf);
    app.decorate('failedAuthentication', {
      async check(request, reply) {
        for (const limiter of limiters) {
          const state = await limiter.read(request);
          if (state.remaining === 0) reject(state, request, reply);
        }
      },
      async count(request, reply) {
        for (const limiter of limiters) {
          const state = await limiter.count(request);
          if (state.isExceeded) reject(state, request, reply);
        }
      },
    });
  },
  { name: 'failed-authentication', dependencies: ['config', 'errors', 'limit-store'] },
);

function reject(state: LimitState, { server }: FastifyRequest, reply: FastifyReply): never {
  reply.headers(fieldsOf([state], server.limitStore.degraded));
  throw exceeded(state);
}
