/** How much one client may ask, counted in memory by its address (for IPv6 by its /64). */

import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError, type Problem } from './errors/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `none` for what must always answer, `issuing` for what costs a key or a signature. */
    limit?: 'none' | 'issuing';
  }
}

interface Policy {
  readonly name: string;
  /** Requests that are served in `window` seconds. */
  readonly quota: number;
  readonly window: number;
}

interface Limiter {
  readonly policy: Policy;
  readonly count: ReturnType<FastifyInstance['createRateLimit']>;
}

/** Where a client stands after a request: what is left to it, and in how many seconds all of it is back. */
interface Standing {
  readonly policy: Policy;
  readonly remaining: number;
  readonly reset: number;
}

export const limits = fp(
  async (app) => {
    await app.register(rateLimit, { global: false, cache: 10_000 });
    const limitersOf = (policies: readonly Policy[]): readonly Limiter[] =>
      policies.filter(({ quota }) => quota > 0).map((policy) => limiterOf(app, policy));
    const { RATE_LIMIT_PER_HOUR, RATE_LIMIT_GENERATE_PER_MINUTE } = app.config;
    const hourly = limitersOf([{ name: 'hour', quota: RATE_LIMIT_PER_HOUR, window: 3600 }]);
    const issuing = limitersOf([{ name: 'issuing', quota: RATE_LIMIT_GENERATE_PER_MINUTE, window: 60 }]);
    app.addHook('onRequest', async (request, reply) => {
      const { limit } = request.routeOptions.config;
      if (limit === 'none') return;
      // What the minute refuses is not taken off the hour.
      await applyLimiters(limit === 'issuing' ? [...issuing, ...hourly] : hourly, request, reply);
    });
  },
  { name: 'limits', dependencies: ['config', 'errors'] },
);

const limiterOf = (app: FastifyInstance, policy: Policy): Limiter => ({
  policy,
  count: app.createRateLimit({ max: policy.quota, timeWindow: policy.window * 1000 }),
});

async function applyLimiters(
  limiters: readonly Limiter[],
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const standings: Standing[] = [];
  for (const { policy, count } of limiters) {
    const result = await count(request);
    if (result.isAllowed) continue;
    const standing = { policy, remaining: result.remaining, reset: Math.max(1, result.ttlInSeconds) };
    standings.push(standing);
    reply.headers(fieldsOf(standings));
    if (result.isExceeded) throw new ProblemError(exceeded(standing));
  }
}

/** draft-ietf-httpapi-ratelimit-headers-11 §3 and §4, and the older fields for the policy that is nearest its end. */
function fieldsOf(standings: readonly Standing[]): Readonly<Record<string, string>> {
  const [tightest] = standings.toSorted((a, b) => a.remaining - b.remaining);
  if (tightest === undefined) return {};
  return {
    'RateLimit-Policy': standings.map(({ policy: p }) => `"${p.name}";q=${p.quota};w=${p.window}`).join(', '),
    RateLimit: standings
      .map(({ policy, remaining, reset }) => `"${policy.name}";r=${remaining};t=${reset}`)
      .join(', '),
    'X-RateLimit-Limit': String(tightest.policy.quota),
    'X-RateLimit-Remaining': String(tightest.remaining),
    'X-RateLimit-Reset': String(tightest.reset),
  };
}

const exceeded = ({ policy, reset }: Standing): Problem => ({
  code: 'rate-limited',
  detail: `Rate limit exceeded: ${policy.quota} requests in ${policy.window} seconds; try again in ${reset} seconds`,
  extensions: { 'violated-policies': [policy.name] },
  headers: { 'Retry-After': String(reset) },
});
