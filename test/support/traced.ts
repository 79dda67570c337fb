/** The service with traces. */

import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { createMetrics } from '../../plugins/metrics/metrics.ts';
import { openTracing } from '../../plugins/tracing/open.ts';
import type { Tracing } from '../../plugins/tracing/tracing.ts';
import { buildApp } from '../../service/app.ts';
import { configFrom, type Environment } from '../../src/config/load.ts';
import { createDomain } from '../../src/domain.ts';
import type { CollectedSpan, Collector } from './collector.ts';
import { IDLE } from './edge.ts';

const UNLIMITED = { RATE_LIMIT_PER_HOUR: '0', RATE_LIMIT_GENERATE_PER_MINUTE: '0' };

export interface Traced {
  readonly app: FastifyInstance;
  /** The log, one line of JSON an entry. */
  readonly log: readonly Record<string, unknown>[];
  /** Closes the service. Returns all spans of its collector. */
  readonly collected: () => Promise<readonly CollectedSpan[]>;
}

/** Starts the service with real cryptography, or, if `idle`, with a domain that does nothing. */
export async function startTraced(
  t: Test,
  { url, spans }: Collector,
  environment: Environment = {},
  { idle = false } = {},
): Promise<Traced> {
  const config = configFrom(UNLIMITED, { OTEL_EXPORTER_OTLP_ENDPOINT: url }, environment);
  const metrics = createMetrics();
  const tracing = await openTracing(config, metrics);
  const domain = idle ? IDLE : await observedDomain(tracing);
  const log: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void log.push(JSON.parse(line)) };
  const app = await buildApp({ domain, config, metrics, tracing, log: destination });
  t.teardown(() => app.close());
  const collected = async (): Promise<readonly CollectedSpan[]> => {
    await app.close();
    return spans();
  };
  return { app, log, collected };
}

const observedDomain = (tracing: Tracing | undefined) =>
  createDomain({ engine: 'auto', observe: (call) => tracing?.observeEngine(call) });
