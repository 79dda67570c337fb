/** The time series of the service, in a registry of its own. Every label has a closed list of values. */

import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import { ML_DSA_PARAMETER_SETS } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { KEY_FAMILIES } from '../../src/algorithms/registry.ts';
import type { EngineCall } from '../../src/algorithms/ml-dsa/observed-engine.ts';
import { OUTCOMES } from '../../src/ca/use-case.ts';
import { LINT_RULES } from '../../src/lint/lint.ts';
import { createCrlMetrics } from './crl-metrics.ts';
import { createOcspMetrics } from './ocsp-metrics.ts';
import { createStoreMetrics } from './store-metrics.ts';
import { createWebhookMetrics } from './webhook-metrics.ts';
import { OVERLOADS } from './overload-reason.ts';

export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  const engineSeconds = engineHistogram(registry);
  return {
    registry,
    certificates: certificateCounter(registry),
    signedRequests: signedRequestCounter(registry),
    revocations: revocationCounter(registry),
    lintBlocks: lintBlockCounter(registry),
    signatureFailures: counter(
      registry,
      'signature_verification_failures_total',
      'New signatures that did not verify and were not given out.',
    ),
    requestSeconds: requestHistogram(registry),
    rateLimited: rateLimitedCounter(registry),
    authFailures: authFailureCounter(registry),
    shed: shedCounter(registry),
    connectionsDropped: counter(
      registry,
      'connections_dropped_total',
      'Connections beyond MAX_CONNECTIONS or MAX_CONNECTIONS_PER_ADDRESS, which were closed unread.',
    ),
    store: createStoreMetrics(registry),
    crl: createCrlMetrics(registry),
    webhooks: createWebhookMetrics(registry),
    ocsp: createOcspMetrics(registry),
    buildInfo: buildGauge(registry),
    logErrors: counter(registry, 'log_errors_total', 'Writes and rotations of LOG_FILE that failed.'),
    logLinesDropped: counter(registry, 'log_lines_dropped_total', 'Lines of the log that were lost.'),
    spansDropped: counter(registry, 'trace_spans_dropped_total', 'Spans that the collector did not accept.'),
    observeEngine: ({ engine, operation, parameterSet, seconds }: EngineCall): void =>
      engineSeconds.observe({ engine, operation, algorithm: parameterSet }, seconds),
  };
}

/** The v1 contract promises the name and the first label. */
function certificateCounter(registry: Registry) {
  const counter = new Counter({
    name: 'certificate_generation_total',
    help: 'Requests for certificates with new ML-DSA keys, alone or in a hybrid pair.',
    labelNames: ['security_level', 'outcome'],
    registers: [registry],
  });
  for (const security_level of ML_DSA_PARAMETER_SETS) {
    for (const outcome of OUTCOMES) counter.inc({ security_level, outcome }, 0);
  }
  return counter;
}

function signedRequestCounter(registry: Registry) {
  const counter = new Counter({
    name: 'csr_signed_total',
    help: 'CSRs that were to be signed, by the family of the certified key; unknown when nothing was certified.',
    labelNames: ['key_algorithm', 'outcome'],
    registers: [registry],
  });
  for (const key_algorithm of KEY_FAMILIES) counter.inc({ key_algorithm, outcome: 'success' }, 0);
  counter.inc({ key_algorithm: 'unknown', outcome: 'refused' }, 0);
  counter.inc({ key_algorithm: 'unknown', outcome: 'failed' }, 0);
  return counter;
}

function revocationCounter(registry: Registry) {
  const counter = new Counter({
    name: 'certificate_revocations_total',
    help: 'Requests to revoke certificates, to put them on hold and to release them.',
    labelNames: ['operation', 'outcome'],
    registers: [registry],
  });
  for (const operation of ['revoke', 'hold', 'release'])
    for (const outcome of OUTCOMES) counter.inc({ operation, outcome }, 0);
  return counter;
}

function lintBlockCounter(registry: Registry) {
  const counter = new Counter({
    name: 'certificate_lint_blocks_total',
    help: 'Certificates and requests that the linter stopped before they were signed, by rule.',
    labelNames: ['rule'],
    registers: [registry],
  });
  for (const rule of LINT_RULES) counter.inc({ rule }, 0);
  return counter;
}

const requestHistogram = (registry: Registry) =>
  new Histogram({
    name: 'http_request_duration_seconds',
    help: 'From the header of a request to the end of its reply, by the template of its route.',
    labelNames: ['method', 'route', 'status_class'],
    buckets: [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [registry],
  });

const engineHistogram = (registry: Registry) =>
  new Histogram({
    name: 'engine_operation_duration_seconds',
    help: 'Calls of the ML-DSA engine, including the wait for a free thread.',
    labelNames: ['engine', 'operation', 'algorithm'],
    buckets: [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers: [registry],
  });

const rateLimitedCounter = (registry: Registry) =>
  new Counter({
    name: 'rate_limited_total',
    help: 'Requests refused by a rate limit, by policy.',
    labelNames: ['policy'],
    registers: [registry],
  });

const authFailureCounter = (registry: Registry) =>
  new Counter({
    name: 'auth_failures_total',
    help: 'Requests refused for their credentials or scopes (status 401 or 403), by problem code.',
    labelNames: ['reason'],
    registers: [registry],
  });

function shedCounter(registry: Registry) {
  const counter = new Counter({
    name: 'requests_shed_total',
    help: 'Requests refused because of overload, by the limit that was reached.',
    labelNames: ['reason'],
    registers: [registry],
  });
  for (const reason of OVERLOADS) counter.inc({ reason }, 0);
  return counter;
}

const counter = (registry: Registry, name: string, help: string) =>
  new Counter({ name, help, registers: [registry] });

const buildGauge = (registry: Registry) =>
  new Gauge({
    name: 'build_info',
    help: 'Always 1; the labels have the versions.',
    labelNames: ['version', 'engine', 'node'],
    aggregator: 'first',
    registers: [registry],
  });
