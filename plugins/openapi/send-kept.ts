/** The reply that carries a file from memory. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { encodingFor } from './accept-encoding.ts';
import { inSlices } from '../publications/slices.ts';
import type { KeptFile } from './kept-file.ts';

/** Sends 304 to a client that has the file already (RFC 9110 §13.1.2). */
export async function sendKept(
  file: KeptFile,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { octets, etag, encoding } = await file.representation(
    encodingFor(request.headers['accept-encoding']),
  );
  reply.headers({ ETag: etag, Vary: vary(reply), 'Cache-Control': REVALIDATED });
  if (isKnown(request.headers['if-none-match'], etag)) return reply.code(304).send();
  if (encoding !== 'identity') reply.header('Content-Encoding', encoding);
  reply.type(file.type).header('Content-Length', octets.length);
  return reply.send(request.method === 'HEAD' ? octets : inSlices(octets));
}

/** A cache revalidates each time, and usually gets 304. */
const REVALIDATED = 'public, max-age=0, must-revalidate';

/** CORS sets Vary too. */
function vary(reply: FastifyReply): string {
  const others = reply.getHeader('Vary');
  return others === undefined ? 'Accept-Encoding' : `${String(others)}, Accept-Encoding`;
}

/** Weak comparison (RFC 9110 §8.8.3.2). */
const isKnown = (field: string | undefined, etag: string): boolean =>
  field !== undefined && field.split(',').some((item) => [etag, `W/${etag}`, '*'].includes(item.trim()));
