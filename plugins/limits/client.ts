/** The client that a request is counted for. */

import { isIP } from 'node:net';
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';

/** An address. Of an IPv6 address, its /64, because one customer has at least that (RFC 6177 §2). */
export const networkOf = (address: string): string => rateLimit.normalizeIP(address, 64);

/** The {@link networkOf network} of a request. */
export function addressOf({ ip, socket }: FastifyRequest): string {
  // A proxy may forward any text, of any length, in place of an address.
  return networkOf(isIP(ip) === 0 ? (socket.remoteAddress ?? '') : ip);
}

/** The principal, whatever its address; the address for a request without a principal. */
export const clientOf = (request: FastifyRequest): string => request.principal?.id ?? addressOf(request);
