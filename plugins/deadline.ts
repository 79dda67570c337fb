/**
 * A handler that takes too long is abandoned, and its caller gets a problem document. (Fastify's `handlerTimeout` ends when
 * the body has been read, in version 5.12: it limits no POST, and an AbortController for each request takes 7 % of the
 * event loop.)
 */

import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { ProblemError } from './errors/problem.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long the reply may take, in milliseconds; DEADLINE unless given. */
    deadline?: number;
  }
  interface FastifyReply {
    deadlineTimer: NodeJS.Timeout | undefined;
  }
}

/** In milliseconds, from the header of the request on. */
const DEADLINE = 30_000;

export const deadline = fp(
  async (app) => {
    app.decorateReply('deadlineTimer', undefined);
    app.addHook('onRequest', (request, reply, done) => {
      const { deadline = DEADLINE } = request.routeOptions.config;
      reply.deadlineTimer = setTimeout(giveUp, deadline, reply);
      reply.raw.on('close', () => closed(reply));
      done();
    });
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (reply.deadlineTimer?.hasRef() === false) clearTimeout(reply.deadlineTimer);
      done();
    });
  },
  { name: 'deadline', dependencies: ['errors'] },
);

/**
 * For a client that is gone, `onResponse` does not run, nor does `onRequestAbort` once the body has been read (Fastify 5.12).
 * The deadline still applies to its handler and frees its slot in the queue, but the process does not wait for it.
 */
function closed(reply: FastifyReply): void {
  if (reply.raw.headersSent) clearTimeout(reply.deadlineTimer);
  else reply.deadlineTimer?.unref();
}

function giveUp(reply: FastifyReply): void {
  if (reply.raw.headersSent) reply.raw.destroy();
  else if (!reply.sent) void reply.send(new ProblemError(OVERDUE));
}

const OVERDUE = { code: 'unavailable', detail: 'The reply took too long' } as const;
