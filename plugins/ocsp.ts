/** The OCSP responder of the stored authorities, as a decorator. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Registry } from '@prometheus-io/client';
import { RefusedError, type Admission } from '../src/ocsp/ports.ts';
import type { OcspResponder } from '../src/ocsp/responder.ts';
import { encodeOcspError, type OcspErrorStatus } from '../src/x509/ocsp/response-writer.ts';
import { PROBLEM_KINDS } from './errors/problem-codes.ts';
import { problemOf } from './errors/problem-of.ts';
import { ProblemError } from './errors/problem.ts';
import type { OcspMetrics } from './metrics/ocsp-metrics.ts';
import { throttleErrors } from './log/throttle.ts';
import { addReadGauge } from './metrics/read-gauge.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** Undefined in a service without a store, and where OCSP_ENABLED is false. */
    readonly ocsp: OcspResponder | undefined;
    /** Returns an error handler that sends OCSP errors. */
    createOcspErrorHandler(): ErrorHandler;
  }

  interface FastifyRequest {
    /** Counts a signature of an OCSP response for the client, and takes a place in the queue. Rejects with RefusedError. */
    readonly admitOcspSignature: Admission;
  }
}

type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => FastifyReply;

export const ocsp = fp(
  async (app) => {
    const { authorityDomain, config, metrics } = app;
    app.decorate('createOcspErrorHandler', () => errorHandler(metrics.ocsp));
    app.decorateRequest('admitOcspSignature', async function admit() {
      try {
        await this.countOcspSignature();
        await this.admit(1);
      } catch (error) {
        throw error instanceof ProblemError ? new RefusedError() : error;
      }
    });
    if (authorityDomain === undefined || !config.OCSP_ENABLED) {
      app.decorate('ocsp', undefined);
      return;
    }
    const responder = authorityDomain.createResponder({
      signer: config.OCSP_SIGNER,
      validity: config.OCSP_VALIDITY,
      cacheLimit: config.OCSP_CACHE_SIZE,
      observer: {
        ...metrics.ocsp,
        failed: throttleErrors((error) => app.log.error({ err: error }, 'an OCSP response cannot be signed')),
        ahead: (seconds) => reportAhead(app, seconds),
      },
    });
    app.decorate('ocsp', responder);
    app.addHook('onClose', async () => responder.close());
    addGauges(metrics.registry, responder);
  },
  { name: 'ocsp', dependencies: ['authorities', 'limits', 'metrics', 'overload'] },
);

function addGauges(registry: Registry, responder: OcspResponder): void {
  addReadGauge(registry, {
    name: 'ocsp_cache_bytes',
    help: 'Memory of the signed OCSP responses.',
    read: () => responder.cacheSize,
  });
  addReadGauge(registry, {
    name: 'ocsp_store_unavailable',
    help: 'Whether OCSP responses are sent from memory alone, because the store cannot be used.',
    aggregator: 'max',
    read: () => (responder.isStoreFaulty ? 1 : 0),
  });
  addReadGauge(registry, {
    name: 'ocsp_this_update_ahead_seconds',
    help: 'How far thisUpdate of OCSP responses is ahead of the clock, because the clock was ahead before.',
    aggregator: 'max',
    read: () => responder.ahead,
  });
}

function reportAhead({ log }: FastifyInstance, seconds: number): void {
  if (seconds === 0) log.info('thisUpdate of OCSP responses is the time of the clock again');
  else
    log.warn({ seconds }, 'the clock was ahead: thisUpdate of OCSP responses stays in the future until then');
}

/**
 * A request that HTTP refuses keeps its status. A fault of the service is an OCSP error with status 200, because clients read
 * no other reply (RFC 6960 appendix A.2).
 */
const errorHandler =
  (metrics: OcspMetrics): ErrorHandler =>
  (error, request, reply) => {
    const problem = problemOf(error);
    if (problem === undefined) request.log.error({ err: error }, 'unexpected error');
    const { status } = problem === undefined ? { status: 500 } : PROBLEM_KINDS[problem.code];
    const isRefused = status < 500;
    const ocspStatus = isRefused ? 'malformedRequest' : faultOf(problem !== undefined);
    metrics.replied(ocspStatus, 'none');
    return reply
      .code(isRefused ? status : 200)
      .headers({ ...problem?.headers, 'Cache-Control': 'no-store' })
      .type('application/ocsp-response')
      .send(encodeOcspError(ocspStatus));
  };

const faultOf = (isTemporary: boolean): OcspErrorStatus => (isTemporary ? 'tryLater' : 'internalError');
