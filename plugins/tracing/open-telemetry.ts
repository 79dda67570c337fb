/** Tracing with OpenTelemetry. Patches no module and sets no global: spans are created explicitly. */

import { AsyncLocalStorage } from 'node:async_hooks';
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { parseKeyPairsIntoRecord, parseTraceParent } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import type { EngineCall } from '../../src/algorithms/ml-dsa/observed-engine.ts';
import { VERSION } from '../../src/base/version.ts';
import { withTimeout } from '../../src/base/timeout.ts';
import { SpanQueue } from './span-queue.ts';
import type { RequestEnd, RequestStart, TraceIdentifiers, Tracing } from './tracing.ts';

export interface TracingOptions {
  readonly endpoint: string;
  /** `name=value`, separated by commas. */
  readonly headers?: string | undefined;
  readonly serviceName: string;
  /** The fraction of traces that is recorded, from 0 to 1. */
  readonly ratio: number;
  /** The address on which the service listens. */
  readonly address: string;
  /** Called with the number of lost spans. */
  readonly lost: (spans: number) => void;
}

/** How long a shutdown waits for the collector, in milliseconds. */
const SHUTDOWN_TIMEOUT = 1500;

/** Data that the spans of one request share. */
interface Scope {
  readonly identifiers: TraceIdentifiers;
  /** The parent of the child spans. */
  readonly context: Context;
  readonly now: () => number;
}

export function createTracing(options: TracingOptions): Tracing {
  const listeners: ((error: Error) => void)[] = [];
  const reportLoss = (error: Error): void => listeners.forEach((listener) => listener(error));
  const provider = createProvider(options, reportLoss);
  const tracer = provider.getTracer('ml-dsa-certificate-api', VERSION);
  const scopes = new AsyncLocalStorage<Scope>();
  return {
    startRequest(start) {
      const now = createClock();
      const span = startServerSpan(tracer, start, options.address, now());
      const { traceId: trace_id, spanId: span_id } = span.spanContext();
      const identifiers = { trace_id, span_id };
      const scope = { identifiers, context: trace.setSpan(ROOT_CONTEXT, span), now };
      return {
        identifiers,
        within: (next) => scopes.run(scope, next),
        end: (end) => endServerSpan(span, end, now()),
      };
    },
    current: () => scopes.getStore()?.identifiers,
    // Called when the call has ended, in the context of its caller.
    observeEngine(call) {
      const scope = scopes.getStore();
      if (scope !== undefined) addEngineSpan(tracer, call, scope);
    },
    onLoss(listener) {
      listeners.push(listener);
    },
    async close() {
      await withTimeout(provider.shutdown(), SHUTDOWN_TIMEOUT, 'the collector').catch(reportLoss);
    },
  };
}

function createProvider(options: TracingOptions, reportLoss: (error: Error) => void): TracerProvider {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: parseKeyPairsIntoRecord(options.headers),
  });
  const queue = new SpanQueue(exporter, (spans, error) => {
    options.lost(spans);
    if (error !== undefined) reportLoss(error);
  });
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName, 'service.version': VERSION }),
    sampler: samplerOf(options.ratio),
    spanProcessors: [queue],
  });
}

/** The sampled flag of a caller changes nothing, except that an unsampled trace stays unsampled: the ratio applies here. */
function samplerOf(ratio: number): ParentBasedSampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return new ParentBasedSampler({ root, remoteParentSampled: root });
}

/** Milliseconds since 1970, monotonic within a request even if the system clock is set. */
function createClock(): () => number {
  const offset = Date.now() - performance.now();
  return () => offset + performance.now();
}

/** The semantic conventions for HTTP, without `url.path`, which may contain secrets by mistake. A route cannot. */
function startServerSpan(tracer: Tracer, start: RequestStart, address: string, startTime: number): Span {
  const method = METHODS.has(start.method) ? start.method : '_OTHER';
  const attributes = {
    'http.request.method': method,
    'http.route': start.route,
    'url.scheme': start.scheme,
    'server.address': address,
  };
  const name = start.route === undefined ? method : `${method} ${start.route}`;
  const options = { kind: SpanKind.SERVER, startTime, attributes };
  return tracer.startSpan(name, options, parentOf(start.traceparent));
}

/** The methods of the semantic conventions. Any other is `_OTHER`. */
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH'.split(' '),
);

/** A malformed field is ignored. `tracestate` is not read, because this service calls no other one. */
function parentOf(traceparent: string | undefined): Context {
  const parent = traceparent === undefined ? null : parseTraceParent(traceparent);
  return parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, { ...parent, isRemote: true });
}

function endServerSpan(span: Span, { status, problem }: RequestEnd, time: number): void {
  if (!span.isRecording()) return;
  if (status !== undefined) span.setAttribute('http.response.status_code', status);
  if (problem !== undefined) span.setAttribute('error.type', problem);
  if (status !== undefined && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end(time);
}

function addEngineSpan(tracer: Tracer, call: EngineCall, { context, now }: Scope): void {
  const end = now();
  const attributes = {
    'mldsa.engine': call.engine,
    'mldsa.operation': call.operation,
    'mldsa.parameter_set': call.parameterSet,
  };
  const startTime = end - call.seconds * 1000;
  tracer.startSpan(`ML-DSA ${call.operation}`, { startTime, attributes }, context).end(end);
}
