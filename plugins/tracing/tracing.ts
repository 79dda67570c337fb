/** What a service with traces can do. Who makes them is loaded only where they are wanted (open-telemetry.ts). */

import type { EngineCall } from '../../src/algorithms/ml-dsa/observed-engine.ts';

/** The identifiers that log lines carry, as OpenTelemetry names them in logs that are not its own. */
export interface TraceIdentifiers {
  readonly trace_id: string;
  readonly span_id: string;
}

/** What is known when a request comes. */
export interface RequestStart {
  readonly method: string;
  /** Template of the route; absent where nothing is served. */
  readonly route?: string | undefined;
  readonly scheme: string;
  /** The field of W3C Trace Context, as it was sent. */
  readonly traceparent?: string | undefined;
}

/** What is known when its reply has left, or its client. */
export interface RequestEnd {
  /** Absent where the client went before there was a reply. */
  readonly status: number | undefined;
  /** Code of the problem that the reply tells of. */
  readonly problem?: string | undefined;
}

export interface RequestSpan {
  readonly identifiers: TraceIdentifiers;
  /** Runs `next`; it and what comes of it belong to the request. */
  within(next: () => void): void;
  /** Only the first call counts. */
  end(end: RequestEnd): void;
}

export interface Tracing {
  startRequest(start: RequestStart): RequestSpan;
  /** Of the request that the code which asks belongs to. */
  current(): TraceIdentifiers | undefined;
  observeEngine(call: EngineCall): void;
  /** `hear` is called for spans that the collector did not take. */
  onLoss(hear: (error: Error) => void): void;
  /** Sends what waits, though not for longer than a moment. */
  close(): Promise<void>;
}
