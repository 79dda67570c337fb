/** Measures the service, for Prometheus. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { VERSION } from '../../src/base/version.ts';
import { ProblemError } from '../errors/problem.ts';
import { issuanceCounter } from './issuance-counter.ts';
import { gaugeLimits } from './limit-gauge.ts';
import type { Metrics } from './metrics.ts';
import { addReadGauge } from './read-gauge.ts';
import { measureProcess } from './process-gauges.ts';
import { watchStore } from './store-counts.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly metrics: Metrics;
    /** Returns the measurements of all workers in the text format of Prometheus. Rejects with ProblemError. */
    exposition(): Promise<string>;
  }
}

/** `exposition` returns the measurements of all workers, where there are several. */
export interface MetricsOptions {
  readonly metrics: Metrics;
  readonly exposition?: (() => Promise<string>) | undefined;
}

export const metrics = fp<MetricsOptions>(
  async (app, { metrics, exposition }) => {
    app.decorate('metrics', metrics);
    app.decorate('exposition', exposition ? orUnavailable(exposition) : () => metrics.registry.metrics());
    metrics.buildInfo.set({ version: VERSION, engine: app.keys.engineName, node: process.version }, 1);
    const counter = issuanceCounter(metrics);
    app.observeIssuance(() => counter);
    gaugeLimits(metrics.registry, app.limitStore);
    addReadGauge(metrics.registry, {
      name: 'authority_keys_unusable',
      help: 'Private keys of enabled authorities that do not open.',
      aggregator: 'max',
      read: () => app.authorityDomain?.keyFaults().length ?? 0,
    });
    if (app.authorityDomain !== undefined) watchStore(app, app.authorityDomain.store, metrics.store);
    const stop = measureProcess(metrics.registry);
    app.addHook('onClose', async () => stop());
    app.addHook('onResponse', (request, reply, done) => {
      observeReply(metrics, request, reply);
      countRefusal(metrics, reply);
      done();
    });
  },
  { name: 'metrics', dependencies: ['authorities', 'domain', 'errors', 'limit-store'] },
);

/** The measurements of this worker alone would look as if all counters had fallen. */
const orUnavailable = (exposition: () => Promise<string>) => async (): Promise<string> => {
  try {
    return await exposition();
  } catch {
    throw new ProblemError({ code: 'unavailable', detail: 'The primary process does not answer; try again' });
  }
};

/** All methods without a route share one label value, as do all paths. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'OPTIONS']);

function observeReply({ requestSeconds }: Metrics, request: FastifyRequest, reply: FastifyReply): void {
  const labels = {
    method: METHODS.has(request.method) ? request.method : 'other',
    route: (request.is404 ? undefined : request.routeOptions.url) ?? 'unknown',
    status_class: `${Math.trunc(reply.statusCode / 100)}xx`,
  };
  requestSeconds.observe(labels, reply.elapsedTime / 1000);
}

function countRefusal({ rateLimited, authFailures }: Metrics, reply: FastifyReply): void {
  for (const policy of violatedPolicies(reply)) rateLimited.inc({ policy });
  const { problemCode } = reply;
  // A policy refuses what is in the request, whatever the credentials are
  if (problemCode === undefined || problemCode === 'policy-violation') return;
  if (reply.statusCode === 401 || reply.statusCode === 403) authFailures.inc({ reason: problemCode });
}

function violatedPolicies({ problemCode, problemExtensions }: FastifyReply): readonly string[] {
  const policies = problemCode === 'rate-limited' ? problemExtensions?.['violated-policies'] : undefined;
  return Array.isArray(policies) ? policies.map(String) : [];
}
