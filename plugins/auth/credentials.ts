/** The credentials in a request, and the problems for requests without them or without the scope. */

import type { IncomingHttpHeaders } from 'node:http';
import { SERVICE_NAME } from '../../src/base/version.ts';
import type { Scope } from '../../src/access/scopes.ts';
import { UNAUTHORIZED } from '../errors/problem-of.ts';
import { ProblemError } from '../errors/problem.ts';
import type { Refusal } from './refusal.ts';

/**
 * An API key is in either field, an access token in Authorization only (RFC 6750 §2.1). Never in the query, because URLs are
 * logged.
 */
export interface Credentials {
  readonly kind: 'X-API-Key' | 'Bearer';
  readonly text: string;
}

/** Returns undefined for a request without credentials. Throws ProblemError for a request with two (RFC 6750 §2). */
export function credentialsIn(headers: IncomingHttpHeaders): Credentials | undefined {
  const key = headers['x-api-key'];
  const [, token] = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
  if (key !== undefined && token !== undefined) {
    throw new ProblemError({
      code: 'invalid-message',
      detail: 'A request must not have both an X-API-Key and an Authorization header field',
    });
  }
  if (typeof key === 'string') return { kind: 'X-API-Key', text: key };
  return token === undefined ? undefined : { kind: 'Bearer', text: token };
}

interface Unauthorized {
  readonly credentials: Credentials | undefined;
  /** For the log. */
  readonly reason: Refusal;
  /** What the service accepts. */
  readonly hint: string;
}

/** RFC 6750 §3.1: without credentials the challenge names no error. */
export const unauthorized = ({ credentials, reason, hint }: Unauthorized): ProblemError =>
  new ProblemError({
    ...UNAUTHORIZED,
    reason,
    extensions: { hint },
    headers: challenge(credentials === undefined ? {} : { error: 'invalid_token' }),
  });

/** One of the scopes is needed. */
export const forbidden = (scopes: readonly Scope[]): ProblemError =>
  new ProblemError({
    code: 'forbidden',
    detail: `This needs the scope ${scopes.join(' or ')}, which the key or token does not have`,
    headers: challenge({ error: 'insufficient_scope', scope: scopes.join(' ') }),
  });

const challenge = (parameters: Readonly<Record<string, string>>): { 'WWW-Authenticate': string } => ({
  'WWW-Authenticate': `Bearer ${Object.entries({ realm: SERVICE_NAME, ...parameters })
    .map(([name, value]) => `${name}="${value}"`)
    .join(', ')}`,
});
