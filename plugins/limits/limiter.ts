/** A limit, and the state of one client under it. */

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem.ts';

export interface Policy {
  readonly name: string;
  /** Requests in `window` seconds; 0 for no limit. */
  readonly quota: number;
  readonly window: number;
  /** The variable that sets the quota. */
  readonly variable?: string;
}

/** The requests that a client has left, and the seconds until its window ends. */
export interface LimitState {
  readonly policy: Policy;
  readonly remaining: number;
  readonly reset: number;
  readonly isExceeded: boolean;
}

export interface CountedState extends LimitState {
  /** Takes the request back. Returns false if its window has ended, or the store does not respond. */
  giveBack(): Promise<boolean>;
}

export interface Limiter {
  /** Counts a request. */
  count(request: FastifyRequest): Promise<CountedState>;
  /** Returns the state without counting the request. */
  read(request: FastifyRequest): Promise<LimitState>;
}

/** Returns no limiter for a policy without a quota. `clientOf` returns the key that a request is counted for. */
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
    keyGenerator: (request) => app.limitTickets.issue(`${policy.name}:${clientOf(request)}`),
  });
  async function stateOf(request: FastifyRequest, increment: boolean): Promise<CountedState> {
    const result = await ask(request, { increment });
    const counted = app.limitTickets.take(result.key);
    const giveBack = async (): Promise<boolean> => (await counted?.giveBack(policy.quota)) ?? false;
    if (result.isAllowed) return { policy, remaining: policy.quota, reset: 0, isExceeded: false, giveBack };
    const { remaining, ttlInSeconds, isExceeded } = result;
    return { policy, remaining, reset: Math.max(1, ttlInSeconds), isExceeded, giveBack };
  }
  return { count: (request) => stateOf(request, true), read: (request) => stateOf(request, false) };
}

export const exceeded = ({ policy, reset }: LimitState): ProblemError =>
  new ProblemError({
    code: 'rate-limited',
    detail: `Rate limit exceeded: ${nameOf(policy)}; try again in ${reset} seconds`,
    extensions: { 'violated-policies': [policy.name] },
    headers: { 'Retry-After': String(reset) },
  });

const nameOf = ({ quota, window, variable }: Policy): string =>
  `${quota} requests in ${window} seconds${variable === undefined ? '' : ` (${variable})`}`;
