/** Where traces are sent, as OpenTelemetry's variables say it. */

import { ConfigError } from './error.ts';
import type { Config } from './schema.ts';

/** Throws ConfigError. */
export function rejectInvalidTracing({
  OTEL_EXPORTER_OTLP_ENDPOINT,
  OTEL_EXPORTER_OTLP_HEADERS,
}: Config): void {
  if (OTEL_EXPORTER_OTLP_ENDPOINT !== undefined && !isCollector(OTEL_EXPORTER_OTLP_ENDPOINT)) {
    throw new ConfigError(
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'must be an http or https URL without user, query and fragment, such as http://collector:4318',
    );
  }
  if (OTEL_EXPORTER_OTLP_HEADERS !== undefined && !isHeaderList(OTEL_EXPORTER_OTLP_HEADERS)) {
    throw new ConfigError(
      'OTEL_EXPORTER_OTLP_HEADERS',
      'must be name=value, separated by commas, the values percent-encoded where they are not plain',
    );
  }
}

function isCollector(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username + password + search + hash === '';
}

/** W3C Baggage §3.2.1, whose form the specification of the OTLP exporter takes over; names are those of header fields. */
const isHeaderList = (text: string): boolean =>
  text.split(',').every((pair) => HEADER.test(pair.trim()) && isDecodable(pair));

const HEADER = /^[\w!#$&'*+.^`|~-]+=(?:[\x20-\x24\x26-\x2b\x2d-\x3a\x3c-\x7e]|%[\da-f]{2})*$/i;

/** No header field carries what is encoded but not visible (RFC 9110 §5.5). */
function isDecodable(text: string): boolean {
  try {
    return /^[\x20-\x7e]*$/.test(decodeURIComponent(text));
  } catch {
    return false;
  }
}
