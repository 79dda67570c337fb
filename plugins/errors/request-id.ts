import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Fastify's `genReqId`: the caller's X-Request-Id if it is a plain identifier, so that logs can be correlated. */
export function requestIdOf({ headers }: { readonly headers: IncomingHttpHeaders }): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && IDENTIFIER.test(given) ? given : randomUUID();
}

const IDENTIFIER = /^[\w-]{8,64}$/;

/** Returns a URI reference for one request (RFC 9457 §3.1.5, RFC 9562 §4). An identifier that is not a UUID is a fragment. */
export const requestUri = (id: string): string => (UUID.test(id) ? `urn:uuid:${id}` : `#request-${id}`);

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
