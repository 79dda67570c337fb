/** Checks of the variables of OpenTelemetry. */

import { ConfigError } from './error.ts';
import type { Config } from './schema.ts';

/** Throws ConfigError for an invalid collector URL or invalid header fields. */
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
      'must be name=value pairs separated by commas, with percent-encoded values',
    );
  }
}

function isCollector(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username + password + search + hash === '';
}

/** The format of W3C Baggage §3.2.1, as the OTLP exporter specification requires; each name is a header field name. */
const isHeaderList = (text: string): boolean =>
  text.split(',').every((pair) => HEADER.test(pair.trim()) && isDecodable(pair));

const HEADER = /^[\w!#$&'*+.^`|~-]+=(?:[\x20-\x24\x26-\x2b\x2d-\x3a\x3c-\x7e]|%[\da-f]{2})*$/i;

/** A header field value has visible characters and spaces only (RFC 9110 §5.5). */
function isDecodable(text: string): boolean {
  try {
    return /^[\x20-\x7e]*$/.test(decodeURIComponent(text));
  } catch {
    return false;
  }
}
