/** Rate limits for one client: a principal, or an address for requests without a principal. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { addressOf, clientOf } from './client.ts';
import { fieldsOf } from './fields.ts';
import { createLimiters, exceeded, type Limiter, type LimitState } from './limiter.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `none` for routes that must always reply, `issuing` for routes that need a new key or a signature, `documentation` for
     * pages that a person reads.
     */
    limit?: 'none' | 'issuing' | 'documentation';
  }
}

export const limits = fp(
  async (app) => {
    const { RATE_LIMIT_PER_HOUR, RATE_LIMIT_GENERATE_PER_MINUTE } = app.config;
    const hourly = createLimiters(app, { name: 'hour', quota: RATE_LIMIT_PER_HOUR, window: 3600 }, clientOf);
    const minutely = { name: 'issuing', quota: RATE_LIMIT_GENERATE_PER_MINUTE, window: 60 };
    // A request that exceeds the limit of the minute does not count for the hour.
    const issuing = [...createLimiters(app, minutely, clientOf), ...hourly];
    // An operator who switches the limits off has none here either.
    const pages = RATE_LIMIT_PER_HOUR === 0 ? [] : createLimiters(app, DOCUMENTATION, addressOf);
    const limitersOf = (limit?: 'issuing' | 'documentation'): readonly Limiter[] => {
      if (limit === 'documentation') return pages;
      return limit === 'issuing' ? issuing : hourly;
    };
    app.addHook('onRequest', async (request, reply) => {
      const { limit } = request.routeOptions.config;
      if (limit === 'none') return;
      await applyLimiters(limitersOf(limit), request, reply);
    });
  },
  { name: 'limits', dependencies: ['config', 'errors', 'limit-store'] },
);

/** In requests, for an address. One view of the page makes about ten, so this is 60 views a minute. */
const DOCUMENTATION = { name: 'documentation', quota: 600, window: 60 } as const;

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
