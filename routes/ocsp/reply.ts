/** An OCSP response as an HTTP reply (RFC 9919 §6, §7.2). */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { OcspReply } from '../../src/ocsp/responder.ts';
import type { SignedResponse } from '../../src/ocsp/response-cache.ts';
import { RESPONSE_TYPE } from './schema.ts';

/** `maxAge` in seconds: how long a cache may keep a reply. */
export function sendReply(request: FastifyRequest, reply: FastifyReply, result: OcspReply, maxAge: number) {
  reply.type(RESPONSE_TYPE);
  if (result.status !== 'successful') return reply.header('Cache-Control', 'no-store').send(result.der);
  const { response, isShared, secondsLeft } = result;
  if (!isShared) return reply.header('Cache-Control', OWN).send(response.der);
  // Less than until nextUpdate (RFC 9919 §7.2)
  const age = Math.max(0, Math.min(maxAge, secondsLeft - 1));
  reply
    .headers(fixedFields(response))
    .header('Cache-Control', `max-age=${age}, public, no-transform, must-revalidate`);
  if (request.method !== 'POST' && isUnchanged(request, response)) return reply.code(304).send();
  return reply.send(response.der);
}

/** With a nonce a response is for one client. */
const OWN = 'private, max-age=0, no-transform, must-revalidate';

const etagOf = ({ digest }: SignedResponse): string => `"${digest}"`;

/** A response is sent many times. */
const FIXED = new WeakMap<SignedResponse, Readonly<Record<string, string>>>();

function fixedFields(response: SignedResponse) {
  const known = FIXED.get(response);
  if (known !== undefined) return known;
  const fields = {
    ETag: etagOf(response),
    Expires: response.nextUpdate.toUTCString(),
    'Last-Modified': response.thisUpdate.toUTCString(),
  };
  FIXED.set(response, fields);
  return fields;
}

/**
 * RFC 9110 §13.2.2: If-None-Match decides, and If-Modified-Since only without it. Its time must be that of the response:
 * a later one can be that of a replica whose clock is ahead, which did not know of a revocation.
 */
function isUnchanged({ headers }: FastifyRequest, response: SignedResponse): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) return tags.trim() === '*' || tags.includes(etagOf(response));
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return response.thisUpdate.getTime() === since;
}
