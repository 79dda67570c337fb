/** Rate limits for one client: a principal, or an address for requests without a principal. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Config } from '../../src/config/schema.ts';
import { addressOf, clientOf } from './client.ts';
import { fieldsOf } from './fields.ts';
import { createLimiters, exceeded, type CountedState, type Limiter, type Policy } from './limiter.ts';
import { takeBackRejected } from './rejected-requests.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * `none` for routes that must always reply, `issuing` for routes that need a new key or a signature, `documentation` for
     * pages that a person reads, `publication` for what relying parties read.
     */
    limit?: 'none' | 'issuing' | 'documentation' | 'publication';
  }

  interface FastifyRequest {
    /** How the request was counted. Absent if it was not, or exceeded a limit. */
    limitStates?: readonly CountedState[];
    /** Counts a signature for the address. Throws a problem 429 if it exceeds RATE_LIMIT_OCSP_PER_MINUTE. */
    countOcspSignature(): Promise<void>;
  }
}

const ISSUING = 'issuing';

export const limits = fp(
  async (app) => {
    app.decorateRequest('limitStates');
    const { RATE_LIMIT_PER_HOUR, RATE_LIMIT_GENERATE_PER_MINUTE } = app.config;
    const signatures = createLimiters(app, ocspPolicy(app.config), addressOf);
    app.decorateRequest('countOcspSignature', async function count() {
      for (const limiter of signatures) {
        const state = await limiter.count(this);
        if (state.isExceeded) throw exceeded(state);
      }
    });
    const hour = { name: 'hour', quota: RATE_LIMIT_PER_HOUR, window: 3600, variable: 'RATE_LIMIT_PER_HOUR' };
    const minute = {
      name: ISSUING,
      quota: RATE_LIMIT_GENERATE_PER_MINUTE,
      window: 60,
      variable: 'RATE_LIMIT_GENERATE_PER_MINUTE',
    };
    const hourly = createLimiters(app, hour, clientOf);
    // A request that exceeds the limit of the minute does not count for the hour.
    const issuing = [...createLimiters(app, minute, clientOf), ...hourly];
    // An operator who switches the limits off has none here either.
    const pages = RATE_LIMIT_PER_HOUR === 0 ? [] : createLimiters(app, DOCUMENTATION, addressOf);
    const publications = RATE_LIMIT_PER_HOUR === 0 ? [] : createLimiters(app, PUBLICATION, addressOf);
    const limitersOf = (limit?: 'issuing' | 'documentation' | 'publication'): readonly Limiter[] => {
      if (limit === 'documentation') return pages;
      if (limit === 'publication') return publications;
      return limit === 'issuing' ? issuing : hourly;
    };
    app.addHook('onRequest', (request, reply, done) => {
      const { limit } = request.routeOptions.config;
      if (limit !== 'none') return applyLimiters(limitersOf(limit), request, reply);
      return done();
    });
    takeBackRejected(app, minute);
  },
  { name: 'limits', dependencies: ['config', 'errors', 'limit-store'] },
);

const ocspPolicy = ({ RATE_LIMIT_OCSP_PER_MINUTE: quota }: Config): Policy => ({
  name: 'ocsp',
  quota,
  window: 60,
  variable: 'RATE_LIMIT_OCSP_PER_MINUTE',
});

/** In requests, for an address. One view of the page makes about ten, so this is 60 views a minute. */
const DOCUMENTATION = { name: 'documentation', quota: 600, window: 60 } as const;

/** In requests, for an address. Many relying parties can share one. */
const PUBLICATION = { name: 'publication', quota: 600, window: 60 } as const;

/** Sets `request.limitStates`. Rejects with ProblemError if the request exceeds a limit; the next ones do not count it. */
async function applyLimiters(
  limiters: readonly Limiter[],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const states: CountedState[] = [];
  for (const limiter of limiters) {
    const state = await limiter.count(request);
    states.push(state);
    if (state.isExceeded) break;
  }
  reply.headers(fieldsOf(states, request.server.limitStore.degraded));
  const last = states.at(-1);
  if (last?.isExceeded === true) throw exceeded(last);
  request.limitStates = states;
}
