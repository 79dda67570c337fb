/** The octets of a body, within the limit of its route. */

import type { IncomingMessage } from 'node:http';
import { errorCodes, type FastifyRequest } from 'fastify';

/**
 * Answers what nothing else refers to, for the caller to zero; what came of a body that is refused is zeroed here. Throws
 * as Fastify's own readers do, for a body that is too long, shorter than its Content-Length, or broken off.
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

/** Answers how many octets came. What is beyond the limit is zeroed and not waited for. */
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
      isBrokenOff(payload) ? reject(brokenOff(new Error('aborted'))) : resolve(length),
    );
    payload.once('error', (error) => reject(brokenOff(error)));
  });

/** HTTP/2 says of a body that it has ended where its client has reset it, which can be before anybody reads. */
const isBrokenOff = (payload: { readonly aborted?: boolean }): boolean => payload.aborted === true;

const brokenOff = (error: Error): Error => Object.assign(error, { statusCode: 400 });

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
