/**
 * Limits the long replies that are sent at a time. A page of an export takes 2 ms of the event loop, and 100 exports of one
 * client would delay every other request.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem.ts';
import { clientOf } from '../limits/client.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the reply is long and sent in parts. */
    stream?: boolean;
  }
}

export interface StreamLimits {
  /** Of one process. */
  readonly all: number;
  /** Of one client, which is a principal or an address. */
  readonly client: number;
}

export const STREAM_LIMITS: StreamLimits = Object.freeze({ all: 4, client: 2 });

/** `refused` is called for each request that is refused. */
export function limitStreams(app: FastifyInstance, refused: () => void, limits = STREAM_LIMITS): void {
  const open = new Map<string, number>();
  const openOf = (client: string): number => open.get(client) ?? 0;
  let all = 0;

  function change(client: string, by: 1 | -1): void {
    all += by;
    const count = openOf(client) + by;
    if (count === 0) open.delete(client);
    else open.set(client, count);
  }

  app.addHook('preValidation', (request, reply, done) => {
    if (request.routeOptions.config.stream === true) admit(request, reply);
    done();
  });

  function admit(request: FastifyRequest, reply: FastifyReply): void {
    const client = clientOf(request);
    if (all >= limits.all || openOf(client) >= limits.client || hasLeft(reply)) {
      refused();
      throw new ProblemError(TOO_MANY);
    }
    change(client, 1);
    reply.raw.once('close', () => change(client, -1));
  }
}

/** Whether the client left before: `close` is not emitted again, so its place would never be free. HTTP/2 has no socket then. */
const hasLeft = ({ raw }: Pick<FastifyReply, 'raw'>): boolean => raw.socket?.destroyed !== false;

const TOO_MANY = {
  code: 'overloaded',
  detail: 'Too many exports run at the same time; try again when one has ended',
  headers: { 'Retry-After': '10' },
} as const;
