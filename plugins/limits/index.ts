/** Rate limits for one client: a principal, or an address for requests without a principal. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { clientOf } from './client.ts';
import { fieldsOf } from './fields.ts';
import { createLimiters, exceeded, type Limiter, type LimitState } from './limiter.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `none` for routes that must always reply, `issuing` for routes that need a new key or a signature. */
    limit?: 'none' | 'issuing';
  }
}

export const limits = fp(
  async (app) => {
    const { RATE_LIMIT_PER_HOUR, RATE_LIMIT_GENERATE_PER_MINUTE } = app.config;
    const hourly = createLimiters(app, { name: 'hour', quota: RATE_LIMIT_PER_HOUR, window: 3600 }, clientOf);
    const minutely = { name: 'issuing', quota: RATE_LIMIT_GENERATE_PER_MINUTE, window: 60 };
    // A request that exceeds the limit of the minute does not count for the hour.
    const issuing = [...createLimiters(app, minutely, clientOf), ...hourly];
    app.addHook('onRequest', async (request, reply) => {
      const { limit } = request.routeOptions.config;
      if (limit === 'none') return;
      await applyLimiters(limit === 'issuing' ? issuing : hourly, request, reply);
    });
  },
  { name: 'limits', dependencies: ['config', 'errors', 'limit-store'] },
);

async function applyLimiters(
  limiters: readonly Limiter[],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const states: LimitState[] = [];
  for (const limiter of limiters) {
    const state = await limiter.count(request);
    states.push(state);
    reply.headers(fieldsOf(states, request.server.limitStore.degraded));
    if (state.isExceeded) throw exceeded(state);
  }
}
