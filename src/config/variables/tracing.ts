import { Type } from 'typebox';

/** Variables that OpenTelemetry defines (Environment Variable Specification). */
export const TRACING_VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      examples: ['http://collector:4318'],
      description:
        'URL of an OpenTelemetry collector. Traces are sent as OTLP over HTTP in JSON to its path /v1/traces. Without it there are no traces.',
    }),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 8192,
      writeOnly: true,
      examples: ['api-key=secret'],
      description:
        'Header fields for the collector, such as credentials: name=value pairs separated by commas. `OTEL_EXPORTER_OTLP_HEADERS_FILE` may name a file with them.',
    }),
  ),
  OTEL_SERVICE_NAME: Type.String({
    minLength: 1,
    maxLength: 255,
    default: 'ml-dsa-certificate-api',
    description: 'Name of the service in traces, `service.name`.',
  }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'Sampling ratio of traces, from 0 to 1, by trace ID. A caller can only lower it.',
  }),
  OTEL_SDK_DISABLED: Type.Boolean({
    default: false,
    description: 'Turns traces off, whatever else is set.',
  }),
};
