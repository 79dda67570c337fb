/** Documentation of the problems that are found before the domain is called. */

import type { EdgeCode } from '../problem-codes.ts';
import { aboutMember, type ProblemHelp } from './problem-help.ts';

/** A new code does not compile without its entry here. */
export const EDGE_HELP: Readonly<Record<EdgeCode, ProblemHelp>> = {
  'invalid-request': {
    meaning:
      'The body is valid JSON, but a member is missing, has an invalid value, or is not a member of this request. ' +
      'Unknown members are rejected, because a misspelt `is_ca` that is ignored would give the wrong certificate.',
    remedy:
      'Correct each member that `errors` lists. `pointer` is the JSON Pointer (RFC 6901) of the member, and `message` says ' +
      'what is expected. The OpenAPI document describes every member.',
    example: aboutMember('/days', '`days` must be a whole number from 1 to 7300'),
  },
  'invalid-json': {
    meaning:
      'The body is not JSON (RFC 8259) in UTF-8, or it has two members of one name, a member named `__proto__` or ' +
      '`constructor`, or more members or levels than any request needs.',
    remedy:
      'Correct the body at the line and column that `detail` gives. A byte order mark before it is ignored. In a shell, ' +
      'put the JSON between single quotes, or read it from a file with `curl -d @request.json`.',
    example: { detail: 'The body is not valid JSON: expected `,` or `}` at line 1, column 34' },
  },
  'invalid-message': {
    meaning:
      'The HTTP message is malformed or ambiguous, for example two Host fields, a body that is not as long as ' +
      'Content-Length says, or both X-API-Key and Authorization.',
    remedy: 'Use an HTTP client library, and send one credential only.',
    example: { detail: 'The length of the body differs from Content-Length' },
  },
  unauthorized: {
    meaning:
      'The route requires authentication, and the request has no valid API key, access token or client certificate. ' +
      'The reply never says whether a key is unknown or expired.',
    remedy:
      'Send the credential that `hint` names. If you sent one, ask the operator: the log line of the request has the ' +
      'reason (`missing`, `unknown`, `expired`, `not yet valid` or `wrong scheme`).',
    example: {
      detail: 'Invalid or missing API key',
      extensions: { hint: 'Send X-API-Key: <key>, or Authorization: Bearer <key>' },
    },
  },
  forbidden: {
    meaning:
      'The key, token or client certificate is valid, but it does not have the scope that the route requires. ' +
      'A CA certificate (`is_ca`) requires `certs:issue:ca` as well.',
    remedy: 'Use a key with the scope that `detail` names, or ask the operator to add the scope to the key.',
    example: { detail: 'This needs the scope certs:issue, which the key or token does not have' },
  },
  'not-found': {
    meaning:
      'No endpoint has this path. Paths are in lower case, have no slash at the end, and begin with BASE_PATH.',
    remedy:
      'Use a path that GET /api/v1/info lists. `detail` names the path that is probably meant, if there is one.',
    example: { detail: 'Endpoint not found. Did you mean /api/v1/info?', error: 'Endpoint not found' },
  },
  'method-not-allowed': {
    meaning: 'The path exists, but not for this method.',
    remedy: 'Use a method that the Allow header field of the reply lists.',
    example: { detail: 'This path is served for POST' },
  },
  'not-acceptable': {
    meaning: 'The Accept header field allows no media type in which the service has the content.',
    remedy: 'Send Accept with a media type that `detail` names, or leave the field out for JSON.',
    example: {
      detail:
        'Accept must allow one of application/json, application/pem-certificate-chain, application/x-pem-file, application/pkix-cert',
    },
  },
  'request-timeout': {
    meaning: 'The header did not arrive within 5 seconds, or the whole request within 15 seconds.',
    remedy: 'Send the request again on a new connection, in one piece.',
    example: { detail: 'The request took too long to arrive' },
  },
  'body-too-large': {
    meaning: 'The body is longer than the variable BODY_LIMIT allows.',
    remedy:
      'Send a shorter body. The operator can raise BODY_LIMIT, and the limit of the reverse proxy with it.',
    example: { detail: 'The body is larger than the limit of 262144 octets (BODY_LIMIT)' },
  },
  'uri-too-long': {
    meaning: 'A part of the path is longer than 100 characters.',
    remedy: 'Send data in the body, not in the path.',
    example: { detail: 'A part of the path is too long' },
  },
  'unsupported-media-type': {
    meaning: 'The body is not sent as `application/json` in UTF-8, or it has a Content-Encoding.',
    remedy: 'Send Content-Type: application/json, and do not compress the body.',
    example: { detail: 'The body must be JSON in UTF-8, sent with Content-Type: application/json' },
  },
  'expectation-failed': {
    meaning: 'The request has an Expect header field with a value other than 100-continue.',
    remedy: 'Leave the field out.',
    example: { detail: 'The Expect header field must be 100-continue' },
  },
  'rate-limited': {
    meaning:
      'The client sent more requests than a rate limit allows. `violated-policies` names the limit: `hour` (all ' +
      'requests), `issuing` (requests for certificates, keys and CSRs), `failed-auth` (invalid credentials) or ' +
      '`documentation` (these pages).',
    remedy:
      'Wait as many seconds as the Retry-After field says. The operator can change the limit: `detail` names its variable.',
    example: {
      detail:
        'Rate limit exceeded: 10 requests in 60 seconds (RATE_LIMIT_GENERATE_PER_MINUTE); try again in 42 seconds',
      extensions: { 'violated-policies': ['issuing'] },
    },
  },
  'headers-too-large': {
    meaning: 'The header of the request is too large, or has more than 100 fields.',
    remedy: 'Remove fields that the service does not need, such as cookies.',
    example: {
      detail:
        'The header of the request must be smaller than 16 KiB, or 32 KiB when proxies forward certificates',
    },
  },
  'internal-error': {
    meaning: 'The service failed. The reply does not say why, because the reason can contain secrets.',
    remedy: 'Give `instance` to the operator: the log has the cause under the same identifier.',
    example: { detail: 'Internal server error' },
  },
  unavailable: {
    meaning:
      'The service is stopping or not ready, took too long, or cannot reach the issuer of access tokens. ' +
      'For GET /readyz, `checks` has the reasons.',
    remedy: 'Send the request again after Retry-After seconds.',
    example: { detail: 'The service is stopping' },
  },
  'audit-unavailable': {
    meaning: 'AUDIT_REQUIRED is set and the audit log cannot be written, so nothing is issued.',
    remedy: 'Send the request again later. The operator checks the disk and the destination of the log.',
    example: { detail: 'The audit log cannot be written now, and nothing is issued without it' },
  },
};
