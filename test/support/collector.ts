/** A collector of traces: OTLP over HTTP, in JSON. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Test } from 'tap';

/**
 * A span of the protocol (opentelemetry-proto, trace.proto). Times are in nanoseconds; kind 2 is SERVER, status 2 is
 * ERROR.
 */
export interface CollectedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status: { readonly code: number };
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface Collector {
  readonly url: string;
  /** Everything that was received, as text. */
  readonly bodies: readonly string[];
  readonly requests: readonly IncomingMessage[];
  readonly spans: () => readonly CollectedSpan[];
}

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

/** The members of ExportTraceServiceRequest that the tests read. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly {
      readonly spans: readonly (Omit<CollectedSpan, 'attributes'> & { attributes: readonly Attribute[] })[];
    }[];
  }[];
}

const record = (attributes: readonly Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

function spansIn(body: string): CollectedSpan[] {
  const { resourceSpans }: ExportRequest = JSON.parse(body);
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map((span) => ({
        ...span,
        attributes: record(span.attributes),
        resource: record(resource.attributes),
      })),
  );
}

/** Listens on a free port until `t` ends. Accepts every request, unless `answer` does something else. */
export async function startCollector(
  t: Test,
  answer: (response: ServerResponse) => void = (response) => void response.end('{}'),
): Promise<Collector> {
  const bodies: string[] = [];
  const requests: IncomingMessage[] = [];
  const collect = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(request);
    bodies.push(await text(request));
    answer(response);
  };
  const server = createServer((request, response) => void collect(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, bodies, requests, spans: () => bodies.flatMap(spansIn) };
}
