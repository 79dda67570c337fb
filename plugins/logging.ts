/** What is logged: one line of JSON a request, and no body, secret or query. */

import { LogController, type FastifyReply, type FastifyRequest, type FastifyServerOptions } from 'fastify';
import type { Config } from '../src/config/schema.ts';

/** Takes the lines of the log instead of standard output. */
export interface LogDestination {
  write(line: string): void;
}

/** Fastify's `logger`. */
export const loggerOptions = (
  { LOG_LEVEL }: Config,
  stream?: LogDestination,
): FastifyServerOptions['logger'] => ({
  level: LOG_LEVEL,
  redact: {
    paths: SECRET_FIELDS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
    censor: '[secret]',
  },
  serializers: { err: describeError },
  ...(stream === undefined ? {} : { stream }),
});

const SECRET_FIELDS = ['authorization', 'x-api-key', 'cookie', 'private_key', 'ca_private_key'];

/** Other members of an error, such as the data that a validation error is about, may be anything. */
function describeError(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' };
  const { name, message, stack = '', cause } = error;
  return { type: name, message, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}

interface ErrorLine {
  readonly [member: string]: unknown;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
}

/** Fastify's `logController`: the line that a request leaves is written when its reply is done. */
export class RequestLog extends LogController {
  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const line = {
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      problem: reply.problemCode,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      client: request.ip,
    };
    if (error) request.log.error({ ...line, err: error }, 'request failed');
    else request.log.info(line, 'request');
  }
}

/** A query may hold what does not belong there, such as a key. */
const pathOf = (url: string): string => url.split('?', 1)[0]?.slice(0, 256) ?? '';
