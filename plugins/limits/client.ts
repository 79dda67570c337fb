/** Whom a request is counted for. */

import { isIP } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';

/** The address of a request, an IPv6 one as its /64, which is what one customer has (RFC 6177 §2). */
export function addressOf({ ip, socket }: FastifyRequest): string {
  // A proxy may forward anything, of any length, in place of an address.
  const address = isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip;
  return rateLimit.normalizeIP(address, 64);
}

/** A principal, however many addresses it has; else the address. */
export const clientOf = (request: FastifyRequest): string => request.principal?.id ?? addressOf(request);
