/** The port for tracing. Its implementation is loaded only if tracing is configured (open-telemetry.ts). */

import type { EngineCall } from '../../src/algorithms/ml-dsa/observed-engine.ts';

/** The identifiers that log lines carry, as OpenTelemetry names them in logs that are not its own. */
export interface TraceIdentifiers {
  readonly trace_id: string;
  readonly span_id: string;
}

/** What is known when a request starts. */
export interface RequestStart {
  readonly method: string;
  /** Template of the route; absent for 404. */
  readonly route?: string | undefined;
  readonly scheme: string;
  /** The field of W3C Trace Context, as it was sent. */
  readonly traceparent?: string | undefined;
}

/** What is known when the reply is sent, or the client has left. */
export interface RequestEnd {
  /** Absent if the client left before its reply. */
  readonly status: number | undefined;
  /** Code of the problem in the reply. */
  readonly problem?: string | undefined;
}

export interface RequestSpan {
  readonly identifiers: TraceIdentifiers;
  /** Runs `next` in the context of the request. */
  within(next: () => void): void;
  /** Only the first call counts. */
  end(end: RequestEnd): void;
}

export interface Tracing {
  startRequest(start: RequestStart): RequestSpan;
  /** The identifiers of the request that the calling code belongs to. */
  current(): TraceIdentifiers | undefined;
  observeEngine(call: EngineCall): void;
  /** Calls `listener` when spans are lost. */
  onLoss(listener: (error: Error) => void): void;
  /** Sends the spans in the queue, within 1.5 seconds. */
  close(): Promise<void>;
}
