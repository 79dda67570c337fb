import { Type } from 'typebox';

/** The part of the configuration that OpenTelemetry defines (its environment variable specification). */
export const TRACING_VARIABLES = {
  OTEL_EXPORTER_OTLP_ENDPOINT: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 2048,
      examples: ['http://collector:4318'],
      description:
        'OpenTelemetry collector that gets traces, by OTLP over HTTP in JSON at the path /v1/traces below it. Without it there are no traces.',
    }),
  ),
  OTEL_EXPORTER_OTLP_HEADERS: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 8192,
      writeOnly: true,
      examples: ['api-key=secret'],
      description:
        'Header fields for the collector, such as its credentials: name=value, separated by commas. `OTEL_EXPORTER_OTLP_HEADERS_FILE` names a file that holds them.',
    }),
  ),
  OTEL_SERVICE_NAME: Type.String({
    minLength: 1,
    maxLength: 255,
    default: 'ml-dsa-certificate-api',
    description: 'What the service is called in traces, `service.name`.',
  }),
  OTEL_TRACES_SAMPLER_ARG: Type.Number({
    minimum: 0,
    maximum: 1,
    default: 1,
    description:
      'Part of the traces that is recorded, from 0 to 1, chosen by the identifier of the trace. What a caller says of sampling can only lessen it.',
  }),
  OTEL_SDK_DISABLED: Type.Boolean({
    default: false,
    description: 'Makes no traces, whatever else is set.',
  }),
};
