/** Every problem that this service reports, and the HTTP status of each (RFC 9110 §15, RFC 6585). */

import { ERROR_CODES, type ErrorCode } from '../../src/base/errors.ts';

/** Errors at the edge, outside the domain. */
export const EDGE_CODES = [
  'invalid-request',
  'invalid-json',
  'invalid-message',
  'unauthorized',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'not-acceptable',
  'request-timeout',
  'body-too-large',
  'uri-too-long',
  'unsupported-media-type',
  'expectation-failed',
  'rate-limited',
  'headers-too-large',
  'internal-error',
  'unavailable',
  'audit-unavailable',
] as const;

export type EdgeCode = (typeof EDGE_CODES)[number];
export type ProblemCode = ErrorCode | EdgeCode;

export const PROBLEM_CODES: readonly ProblemCode[] = [...EDGE_CODES, ...ERROR_CODES];

export interface ProblemKind {
  readonly status: number;
  /** The same for all problems of the kind (RFC 9457 §3.1.4). */
  readonly title: string;
  /** Set when another specification defines the kind. */
  readonly type?: string;
}

/** A new code of either list does not compile without its entry here. */
export const PROBLEM_KINDS: Readonly<Record<ProblemCode, ProblemKind>> = {
  'invalid-request': { status: 400, title: 'The request has an invalid member' },
  'invalid-json': { status: 400, title: 'The body is not valid JSON' },
  'invalid-message': { status: 400, title: 'The HTTP message is malformed' },
  unauthorized: { status: 401, title: 'Authentication is required' },
  forbidden: { status: 403, title: 'The caller is not allowed to do this' },
  'not-found': { status: 404, title: 'There is no endpoint at this path' },
  'method-not-allowed': { status: 405, title: 'The endpoint does not support this method' },
  'not-acceptable': { status: 406, title: 'No accepted media type is available' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The URL is too long' },
  'unsupported-media-type': { status: 415, title: 'The media type of the body is not supported' },
  'expectation-failed': { status: 417, title: 'The Expect header field is not supported' },
  // draft-ietf-httpapi-ratelimit-headers-11 names this kind.
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
  },
  'headers-too-large': { status: 431, title: 'The header of the request is too large' },
  'internal-error': { status: 500, title: 'The service failed' },
  unavailable: { status: 503, title: 'The service is unavailable' },
  'audit-unavailable': { status: 503, title: 'The audit log cannot be written' },

  'invalid-subject': { status: 400, title: 'The subject is invalid' },
  'invalid-san': { status: 400, title: 'A subject alternative name is invalid' },
  'invalid-validity': { status: 400, title: 'The validity is invalid' },
  'invalid-profile': { status: 400, title: 'The profile contradicts another member' },
  'invalid-key-options': { status: 400, title: 'The key options are invalid' },
  'invalid-encoding': { status: 400, title: 'A member has an invalid encoding' },
  'invalid-der': { status: 400, title: 'A member is not valid DER' },
  'invalid-certificate': { status: 400, title: 'A certificate is invalid' },
  'invalid-csr': { status: 400, title: 'The certificate signing request is invalid' },
  'invalid-crl': { status: 400, title: 'A certificate revocation list is invalid' },
  'invalid-extension': { status: 400, title: 'An extension is invalid' },
  'invalid-public-key': { status: 400, title: 'A public key is invalid' },
  'invalid-private-key': { status: 400, title: 'A private key is invalid' },
  'encrypted-private-key': { status: 400, title: 'A private key is encrypted' },
  'wrong-password': { status: 400, title: 'The password of a private key is wrong' },
  'unsupported-algorithm': { status: 400, title: 'An algorithm is not supported' },
  'proof-of-possession-failed': { status: 400, title: 'The CSR is not signed by its own key' },
  'key-mismatch': { status: 400, title: 'A private key does not belong to its certificate' },
  'issuer-key-reused': { status: 400, title: 'The CSR has the key of the CA' },
  'unsuitable-issuer': { status: 400, title: 'The CA certificate is not suitable' },
  'exceeds-issuer': { status: 400, title: 'The certificate would outlive its issuer' },
  'path-length-exceeded': { status: 400, title: 'The path length of the CA certificate is exceeded' },
  'name-constraints-violated': {
    status: 400,
    title: 'The name constraints of the CA certificate exclude a name',
  },
  'engine-unavailable': { status: 503, title: 'The ML-DSA engine is unavailable' },
  overloaded: { status: 503, title: 'The service is overloaded' },
  'key-unavailable': { status: 503, title: 'The private key of an authority cannot be used' },
  'clock-behind': { status: 503, title: 'The clock of the service is behind' },
  'unknown-authority': { status: 404, title: 'There is no such authority' },
  'unknown-certificate': { status: 404, title: 'There is no such certificate' },
  'invalid-query': { status: 400, title: 'A query parameter is invalid' },
  'invalid-authority': { status: 400, title: 'The authority is invalid' },
  'invalid-order': { status: 400, title: 'The members do not describe one certificate' },
  'authority-name-taken': { status: 409, title: 'The name of the authority is in use' },
  'authority-inactive': { status: 409, title: 'The authority does not sign in its present state' },
  'authority-changed': { status: 409, title: 'The authority was changed at the same time' },
  'reservation-closed': {
    status: 409,
    title: 'The serial number was closed while the certificate was signed',
  },
  'invalid-idempotency-key': { status: 400, title: 'The Idempotency-Key is invalid' },
  'idempotency-key-reused': { status: 422, title: 'The Idempotency-Key belongs to another request' },
  'idempotency-in-progress': { status: 409, title: 'The first request with the Idempotency-Key still runs' },
  'store-unavailable': { status: 503, title: 'The store is unavailable' },
  // RFC 9110 §15.5.4: understood and refused, whatever the credentials are
  'policy-violation': { status: 403, title: 'The profile does not allow the certificate' },
  'unknown-profile': { status: 404, title: 'There is no such profile' },
  'invalid-profile-document': { status: 400, title: 'The document of the profile is invalid' },
  'profile-name-reserved': { status: 409, title: 'The name belongs to a built-in profile' },
  'profile-changed': { status: 412, title: 'The profile was changed by another request' },
  // RFC 6585 §3
  'profile-version-required': { status: 428, title: 'A change of a profile must name its present version' },
  'invalid-revocation': { status: 400, title: 'The revocation is invalid' },
  'already-revoked': { status: 409, title: 'The certificate is revoked with another reason' },
  'not-on-hold': { status: 409, title: 'The certificate is not on hold' },
  'unknown-webhook': { status: 404, title: 'There is no such webhook' },
};

/** Path of the pages about problems, below BASE_PATH. */
export const PROBLEMS_PATH = '/docs/problems';

/**
 * Returns the `type` of a problem (RFC 9457 §3.1.1): a URL with an absolute path, which resolves against the URL of the
 * request. So it leads to the page of this service, whatever the name of the service and the proxies before it are.
 */
export const problemType = (code: ProblemCode, basePath: string): string =>
  PROBLEM_KINDS[code].type ?? `${basePath}${PROBLEMS_PATH}/${code}`;
