/** A limit, and where a client stands against it. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem.ts';

export interface Policy {
  readonly name: string;
  /** Requests that are served in `window` seconds; 0 for any number. */
  readonly quota: number;
  readonly window: number;
}

/** Where a client stands: what is left to it, and in how many seconds all of it is back. */
export interface LimitState {
  readonly policy: Policy;
  readonly remaining: number;
  readonly reset: number;
  readonly isExceeded: boolean;
}

export interface Limiter {
  /** Counts a request. */
  count(request: FastifyRequest): Promise<LimitState>;
  /** Where its client stands without it. */
  read(request: FastifyRequest): Promise<LimitState>;
}

/** Without a limiter for a policy that has no quota. `clientOf` says whom a request is counted for. */
export const createLimiters = (
  app: FastifyInstance,
  policy: Policy,
  clientOf: (request: FastifyRequest) => string,
): readonly Limiter[] => (policy.quota === 0 ? [] : [createLimiter(app, policy, clientOf)]);

function createLimiter(
  app: FastifyInstance,
  policy: Policy,
  clientOf: (request: FastifyRequest) => string,
): Limiter {
  const ask = app.createRateLimit({
    max: policy.quota,
    timeWindow: policy.window * 1000,
    keyGenerator: (request) => `${policy.name}:${clientOf(request)}`,
  });
  async function standing(request: FastifyRequest, increment: boolean): Promise<LimitState> {
    const result = await ask(request, { increment });
    if (result.isAllowed) return { policy, remaining: policy.quota, reset: 0, isExceeded: false };
    const { remaining, ttlInSeconds, isExceeded } = result;
    return { policy, remaining, reset: Math.max(1, ttlInSeconds), isExceeded };
  }
  return { count: (request) => standing(request, true), read: (request) => standing(request, false) };
}

export const exceeded = ({ policy, reset }: LimitState): ProblemError =>
  new ProblemError({
    code: 'rate-limited',
    detail: `Rate limit exceeded: ${policy.quota} requests in ${policy.window} seconds; try again in ${reset} seconds`,
    extensions: { 'violated-policies': [policy.name] },
    headers: { 'Retry-After': String(reset) },
  });
