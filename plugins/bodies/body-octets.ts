/** Reads a body within the limit of its route. */

import type { IncomingMessage } from 'node:http';
import { errorCodes, type FastifyRequest } from 'fastify';

/**
 * Returns the only copy of the body, for the caller to zero. The parts of a body that is rejected are zeroed here. Throws
 * the errors of Fastify's own parsers if the body is too long, shorter than its Content-Length, or incomplete.
 */
export async function readOctets(
  { headers, routeOptions }: FastifyRequest,
  payload: IncomingMessage,
): Promise<Buffer> {
  const announced = Number(headers['content-length']);
  if (announced > routeOptions.bodyLimit) throw new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE();
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

/** Resolves with the number of bytes. Bytes beyond the limit are zeroed, and it rejects without waiting for the rest. */
const collect = (chunks: Buffer[], payload: IncomingMessage, limit: number): Promise<number> =>
  new Promise((resolve, reject) => {
    let length = 0;
    payload.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else {
        chunk.fill(0);
        reject(new errorCodes.FST_ERR_CTP_BODY_TOO_LARGE());
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
