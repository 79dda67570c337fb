/** Reads a body within the limit of its route. */

import type { IncomingMessage } from 'node:http';
import { errorCodes, type FastifyRequest } from 'fastify';
import { ProblemError } from '../errors/problem.ts';

/**
 * Returns octets that nothing else refers to, for the caller to zero. The octets of a rejected body are zeroed here. Throws
 * a problem 413 for a body that is too long, and Fastify's own errors for one that is shorter than its Content-Length or
 * breaks off.
 */
export async function readOctets(
  { headers, routeOptions }: FastifyRequest,
  payload: IncomingMessage,
): Promise<Buffer> {
  const announced = Number(headers['content-length']);
  if (announced > routeOptions.bodyLimit) throw tooLarge(routeOptions.bodyLimit);
  const chunks: Buffer[] = [];
  try {
    const length = await collect(chunks, payload, routeOptions.bodyLimit);
    if (announced >= 0 && length !== announced) throw new errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH();
    return joined(chunks);
  } catch (error) {
    zero(chunks);
    throw error;
  }
}

const tooLarge = (limit: number): ProblemError =>
  new ProblemError({
    code: 'body-too-large',
    detail: `The body is larger than the limit of ${limit} octets (BODY_LIMIT)`,
  });

/** Returns the number of octets. Does not wait for octets beyond the limit, and zeroes them. */
const collect = (chunks: Buffer[], payload: IncomingMessage, limit: number): Promise<number> =>
  new Promise((resolve, reject) => {
    let length = 0;
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else {
        chunk.fill(0);
        reject(tooLarge(limit));
      }
    });
    payload.once('end', () =>
      isAborted(payload) ? reject(abortError(new Error('aborted'))) : resolve(length),
    );
    payload.once('error', (error) => reject(abortError(error)));
  });

/** In HTTP/2, a body that the client reset emits `end` too, even before it is read. */
const isAborted = (payload: { readonly aborted?: boolean }): boolean => payload.aborted === true;

const abortError = (error: Error): Error => Object.assign(error, { statusCode: 400 });

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) return only;
  const whole = Buffer.concat(chunks);
  zero(chunks);
  return whole;
}

function zero(chunks: readonly Buffer[]): void {
  for (const chunk of chunks) chunk.fill(0);
}
