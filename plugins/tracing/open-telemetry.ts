/** Traces by OpenTelemetry: nothing is patched and nothing global is set; who wants a span asks for it. */

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
  /** Part of the traces that is recorded, from 0 to 1. */
  readonly ratio: number;
  /** Where the service listens. */
  readonly address: string;
  /** Hears how many spans are lost. */
  readonly lost: (spans: number) => void;
}

/** How long a service that leaves waits for the collector, in milliseconds. */
const PATIENCE = 1500;

/** What the spans of one request share. */
interface Scope {
  readonly identifiers: TraceIdentifiers;
  /** Where the children of the request hang. */
  readonly context: Context;
  readonly now: () => number;
}

export function createTracing(options: TracingOptions): Tracing {
  const listeners: ((error: Error) => void)[] = [];
  const hearLoss = (error: Error): void => listeners.forEach((hear) => hear(error));
  const provider = createProvider(options, hearLoss);
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
    // It hears of a call when it has ended, in the context of whoever called.
    observeEngine(call) {
      const scope = scopes.getStore();
      if (scope !== undefined) addEngineSpan(tracer, call, scope);
    },
    onLoss(hear) {
      listeners.push(hear);
    },
    async close() {
      await withTimeout(provider.shutdown(), PATIENCE, 'the collector').catch(hearLoss);
    },
  };
}

function createProvider(options: TracingOptions, hearLoss: (error: Error) => void): TracerProvider {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: parseKeyPairsIntoRecord(options.headers),
  });
  const queue = new SpanQueue(exporter, (spans, error) => {
    options.lost(spans);
    if (error !== undefined) hearLoss(error);
  });
  return new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': options.serviceName, 'service.version': VERSION }),
    sampler: samplerOf(options.ratio),
    spanProcessors: [queue],
  });
}

/** A caller may have its trace left out. That it wants it recorded adds nothing: the ratio is chosen here. */
function samplerOf(ratio: number): ParentBasedSampler {
  const root = new TraceIdRatioBasedSampler(ratio);
  return new ParentBasedSampler({ root, remoteParentSampled: root });
}

/** Milliseconds since 1970 that go forth evenly, whatever is done to the clock of the machine meanwhile. */
function createClock(): () => number {
  const offset = Date.now() - performance.now();
  return () => offset + performance.now();
}

/** The semantic conventions for HTTP, without `url.path`: only a route cannot hold what does not belong there. */
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

/** Those that the semantic conventions know; any other is `_OTHER`. */
const METHODS: ReadonlySet<string> = new Set(
  'GET HEAD POST PUT DELETE CONNECT OPTIONS TRACE PATCH'.split(' '),
);

/** What is malformed is no parent. `tracestate` is not read: it is for those whom this service would call. */
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
