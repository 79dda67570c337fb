/** A span for each request, with the spans of the engine below it, if tracing is configured. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { throttle } from '../log/throttle.ts';
import type { RequestSpan, RequestStart, Tracing } from './tracing.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Absent without tracing. */
    span?: RequestSpan;
  }
}

export const tracing = fp<{ tracing?: Tracing | undefined }>(
  async (app, { tracing }) => {
    app.decorateRequest('span');
    if (tracing === undefined) return;
    tracing.onLoss(
      throttle(({ name, message }) =>
        app.log.warn(
          { fault: `${name}: ${message}`.slice(0, 256) },
          'the collector does not accept traces: they are lost',
        ),
      ),
    );
    app.addHook('onRequest', (request, reply, done) => {
      const span = tracing.startRequest(startOf(request));
      request.span = span;
      // Also for clients that leave before their reply.
      reply.raw.once('close', () => endSpan(request, reply));
      span.within(done);
    });
    // The body was read in the context of its connection.
    app.addHook('preValidation', (request, _reply, done) => {
      if (request.span === undefined) done();
      else request.span.within(done);
    });
    app.addHook('onResponse', (request, reply, done) => {
      endSpan(request, reply);
      done();
    });
    app.addHook('onClose', () => tracing.close());
  },
  { name: 'tracing', dependencies: ['errors'] },
);

function startOf({ method, is404, routeOptions, protocol, headers }: FastifyRequest): RequestStart {
  const { traceparent } = headers;
  return {
    method,
    route: is404 ? undefined : routeOptions.url,
    scheme: protocol,
    traceparent: typeof traceparent === 'string' ? traceparent : undefined,
  };
}

function endSpan({ span }: FastifyRequest, { statusCode, problemCode, raw }: FastifyReply): void {
  span?.end({ status: raw.headersSent ? statusCode : undefined, problem: problemCode });
}
