/**
 * A request that is rejected as invalid creates nothing, so it does not count for the limit of requests that create
 * something. It counts when it arrives, and is taken back when the reply is sent: so requests at the same time never exceed
 * the limit. It still counts for the hour.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { clientOf } from './client.ts';
import { fieldsOf } from './fields.ts';
import { createLimiters, type CountedState, type Limiter, type Policy } from './limiter.ts';

/** `policy` is the limit that rejected requests do not count for. */
export function takeBackRejected(app: FastifyInstance, policy: Policy): void {
  const [guard] = createLimiters(
    app,
    { ...policy, name: 'rejected', quota: policy.quota * LENIENCY },
    clientOf,
  );
  if (guard === undefined) return;
  app.addHook('onSend', (request, reply, _payload, done) => {
    const counted = request.limitStates?.find((state) => state.policy.name === policy.name);
    if (counted !== undefined && isRejected(reply)) return takeBack({ counted, guard }, request, reply);
    return done();
  });
}

async function takeBack(
  { counted, guard }: { readonly counted: CountedState; readonly guard: Limiter },
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const { isExceeded } = await guard.count(request);
  if (isExceeded || !(await counted.giveBack())) return;
  const { policy } = counted;
  const states = (request.limitStates ?? []).map((state) =>
    state === counted ? { ...state, remaining: Math.min(policy.quota, state.remaining + 1) } : state,
  );
  reply.headers(fieldsOf(states, request.server.limitStore.degraded));
}

/** To reject a request can take a signature to verify. Beyond this multiple of the limit, rejected requests count. */
const LENIENCY = 5;

/** A caller that waits for a request to arrive (408) or is limited (429) has not sent an invalid request. */
const isRejected = ({ statusCode }: FastifyReply): boolean =>
  statusCode >= 400 && statusCode < 500 && statusCode !== 408 && statusCode !== 429;
