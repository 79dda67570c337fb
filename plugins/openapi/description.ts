/** What a reader of the OpenAPI document must know before the first request (CommonMark). */

import type { Config } from '../../src/config/schema.ts';

export const descriptionOf = ({
  BASE_PATH,
  RATE_LIMIT_PER_HOUR,
  RATE_LIMIT_GENERATE_PER_MINUTE,
}: Config): string =>
  `Issues and signs X.509 certificates with ML-DSA keys (FIPS 204), as RFC 9881 specifies.

**Encoding.** Every certificate, CSR and key in a reply is base64 of its PEM text, not of its DER.
Decode it once and you have a PEM file: \`jq -j '.certificate | @base64d' reply.json > certificate.pem\`.
A request accepts the same base64, the PEM text itself, or base64 of the DER.

**Limits.** ${limits(RATE_LIMIT_PER_HOUR, RATE_LIMIT_GENERATE_PER_MINUTE)}
Every reply that counts has the fields \`RateLimit\` and \`RateLimit-Policy\`, and a 429 has \`Retry-After\`.

**Errors.** Every error is a problem document (RFC 9457). Decide by \`code\` in a program, and show \`detail\` to people.
[${BASE_PATH}/docs/problems](${BASE_PATH}/docs/problems) explains each code.

**Order.** The examples run as they are. To build your own: generate a CA certificate with \`is_ca\`, generate a CSR,
then sign the CSR with the certificate and the private key of the CA.`;

function limits(hour: number, minute: number): string {
  if (hour === 0 && minute === 0) return 'This service has no rate limits.';
  const perHour = hour === 0 ? '' : `${hour} requests an hour`;
  const perMinute =
    minute === 0 ? '' : `${minute} requests a minute that create a certificate, a key or a CSR`;
  const both = [perHour, perMinute].filter((text) => text !== '').join(', and ');
  return `One client can make ${both}. Requests that are rejected as invalid do not count for the minute.`;
}
