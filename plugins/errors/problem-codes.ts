/** Every problem that this service reports, and the HTTP status of each (RFC 9110 §15, RFC 6585). */

import { ERROR_CODES, type ErrorCode } from '../../src/base/errors.ts';

/** What goes wrong at the edge, before or around the domain. */
export const EDGE_CODES = [
  'invalid-request',
  'invalid-json',
  'invalid-message',
  'unauthorized',
  'forbidden',
  'not-found',
  'method-not-allowed',
  'request-timeout',
  'body-too-large',
  'uri-too-long',
  'unsupported-media-type',
  'expectation-failed',
  'rate-limited',
  'headers-too-large',
  'internal-error',
  'overloaded',
  'unavailable',
  'audit-unavailable',
] as const;

export type EdgeCode = (typeof EDGE_CODES)[number];
export type ProblemCode = ErrorCode | EdgeCode;

export const PROBLEM_CODES: readonly ProblemCode[] = [...EDGE_CODES, ...ERROR_CODES];

export interface ProblemKind {
  readonly status: number;
  /** The same for every occurrence (RFC 9457 §3.1.4). */
  readonly title: string;
  /** Where another specification names the kind. */
  readonly type?: string;
}

/** A code that is added to either list does not compile until it has its line here. */
export const PROBLEM_KINDS: Readonly<Record<ProblemCode, ProblemKind>> = {
  'invalid-request': { status: 400, title: 'The request has a wrong member' },
  'invalid-json': { status: 400, title: 'The body is not the JSON that is read here' },
  'invalid-message': { status: 400, title: 'The HTTP message is malformed' },
  unauthorized: { status: 401, title: 'The request does not show who sends it' },
  forbidden: { status: 403, title: 'Whoever sends the request may not do this' },
  'not-found': { status: 404, title: 'Nothing is served at this path' },
  'method-not-allowed': { status: 405, title: 'This path is not served for this method' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'body-too-large': { status: 413, title: 'The body is too large' },
  'uri-too-long': { status: 414, title: 'The URL is too long' },
  'unsupported-media-type': { status: 415, title: 'The body is of a type that is not read here' },
  'expectation-failed': { status: 417, title: 'The Expect header asks for what is not done here' },
  // draft-ietf-httpapi-ratelimit-headers-11 names this kind.
  'rate-limited': {
    status: 429,
    title: 'Too many requests',
    type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
  },
  'headers-too-large': { status: 431, title: 'The header of the request is too large' },
  'internal-error': { status: 500, title: 'The service failed' },
  overloaded: { status: 503, title: 'The service has too much to do' },
  unavailable: { status: 503, title: 'The service cannot answer now' },
  'audit-unavailable': { status: 503, title: 'What is issued cannot be put on record now' },

  'invalid-subject': { status: 400, title: 'The subject is not a distinguished name that can be certified' },
  'invalid-san': { status: 400, title: 'A subject alternative name cannot be certified' },
  'invalid-validity': { status: 400, title: 'The validity period is not possible' },
  'invalid-key-options': { status: 400, title: 'The key cannot be made or written in this way' },
  'invalid-encoding': { status: 400, title: 'A member is not encoded as it should be' },
  'invalid-der': { status: 400, title: 'A member does not hold DER' },
  'invalid-certificate': { status: 400, title: 'A certificate is not valid' },
  'invalid-csr': { status: 400, title: 'The certificate signing request is not valid' },
  'invalid-crl': { status: 400, title: 'A certificate revocation list is not valid' },
  'invalid-extension': { status: 400, title: 'An extension is not valid' },
  'invalid-public-key': { status: 400, title: 'A public key is not valid' },
  'invalid-private-key': { status: 400, title: 'A private key is not valid' },
  'encrypted-private-key': { status: 400, title: 'A private key is encrypted' },
  'unsupported-algorithm': { status: 400, title: 'An algorithm is not supported' },
  'proof-of-possession-failed': { status: 400, title: 'The request is not signed by the key that it holds' },
  'key-mismatch': { status: 400, title: 'A private key does not belong to its certificate' },
  'issuer-key-reused': { status: 400, title: 'The request is for the key of the CA itself' },
  'unsuitable-issuer': { status: 400, title: 'The CA certificate may not issue this' },
  'exceeds-issuer': { status: 400, title: 'The certificate would outlive its issuer' },
  'path-length-exceeded': { status: 400, title: 'The path length of the CA certificate is used up' },
  'name-constraints-violated': { status: 400, title: 'The CA certificate does not permit this name' },
  'engine-unavailable': { status: 503, title: 'ML-DSA cannot be computed now' },
};
