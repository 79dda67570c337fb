import type { Config } from '../../src/config/schema.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Tracing } from './tracing.ts';

/** Without a collector in the configuration, returns undefined and loads nothing of OpenTelemetry. */
export async function openTracing(config: Config, metrics: Metrics): Promise<Tracing | undefined> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_SDK_DISABLED } = config;
  if (endpoint === undefined || OTEL_SDK_DISABLED) return undefined;
  const { createTracing } = await import('./open-telemetry.ts');
  return createTracing({
    endpoint,
    headers: config.OTEL_EXPORTER_OTLP_HEADERS,
    serviceName: config.OTEL_SERVICE_NAME,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
    address: config.HOST,
    lost: (spans) => metrics.spansDropped.inc(spans),
  });
}
