/** The log: one line of JSON for each request, without body, secrets or query. */

import {
  LogController,
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import type { Config } from '../../src/config/schema.ts';
import { createLineLimit } from './line-limit.ts';

/** Receives the lines of the log instead of standard output. */
export interface LogDestination {
  /** Takes whole lines, each with its line feed. */
  write(lines: string): void;
  /**
   * Must be called directly after `write`. Resolves once those lines have left this process, and so survive it. Rejects with
   * Error if a line is lost or an earlier write fails. May never settle: the caller needs a timeout. For AUDIT_REQUIRED.
   */
  written?(): Promise<void>;
  /** Called when the service has closed. */
  close?(): Promise<void>;
}

/** A destination that a process opens at its start. `close` resolves when all lines are written or lost. */
export type ClosableLog = Required<LogDestination>;

/** `current` returns the members that identify the trace of the present request. */
interface TraceSource {
  current(): object | undefined;
}

/** Fastify's `logger`. */
export const loggerOptions = (
  { LOG_LEVEL }: Config,
  destination: LogDestination = process.stdout,
  tracing?: TraceSource,
): FastifyServerOptions['logger'] => ({
  level: LOG_LEVEL,
  redact: {
    paths: SECRET_FIELDS.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]),
    censor: '[secret]',
  },
  ...(tracing && { mixin: () => tracing.current() ?? {} }),
  serializers: { err: errorSerializer(LOG_LEVEL) },
  stream: { write: (line: string) => destination.write(onOneLine(line)) },
});

/** JSON strings may contain these unescaped (RFC 8259 §7), and some log readers take them for the end of a line. */
const onOneLine = (line: string): string =>
  line.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);

const SECRET_FIELDS = [
  'authorization',
  'x-api-key',
  'cookie',
  'private_key',
  'ca_private_key',
  'password',
  'new_password',
  'private_key_password',
  'ca_private_key_password',
];

/** A stack trace reveals paths of the machine, so it is logged only at the levels for debugging. */
const errorSerializer = (level: Config['LOG_LEVEL']): ((error: unknown) => ErrorLine) =>
  level === 'debug' || level === 'trace' ? describeError : (error) => withoutStack(describeError(error));

/** Omits other members of an error, such as the data of a validation error, because they may contain anything. */
function describeError(error: unknown): ErrorLine {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error), stack: '' };
  const { name, message, stack = '', cause } = error;
  return { type: name, message, stack, ...(cause === undefined ? {} : { cause: describeError(cause) }) };
}

const withoutStack = ({ cause, ...line }: ErrorLine): ErrorLine => ({
  ...line,
  stack: 'logged where LOG_LEVEL is debug',
  ...(cause === undefined ? {} : { cause: withoutStack(cause) }),
});

interface ErrorLine {
  /** The type in Fastify has an index signature, so this needs one too. */
  readonly [member: string]: unknown;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: ErrorLine;
}

/** For a child logger whose lines have known members only: redaction takes 9 µs a line. */
export const NO_REDACTION = { redact: [] };

/**
 * Fastify's `logController`: writes one line for each request, when its reply has ended. Of requests that no rate limit bounds,
 * few in a second have a line, so that no client fills the disk or drives audit lines out of a log that rotates.
 */
export class RequestLog extends LogController {
  readonly #limits = { refused: createLineLimit(), unlimited: createLineLimit() };
  #log: FastifyBaseLogger | undefined;

  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const omitted = error ? 0 : this.#omittedBefore(request, reply);
    if (omitted === undefined) return;
    const line = {
      method: request.method,
      path: pathOf(request.url),
      // Absent if the client left before the reply started.
      status: reply.raw.headersSent ? reply.statusCode : undefined,
      problem: reply.problemCode,
      reason: reply.problemReason,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      client: request.ip,
      principal: request.principal?.id,
      ...request.span?.identifiers,
      ...(omitted > 0 && { omitted }),
    };
    if (error) request.log.error({ ...line, err: error }, 'request failed');
    else this.#linesOf(request).info({ request: request.id, ...line }, 'request');
  }

  /** How many lines of the same kind were left out; undefined if this one is left out. */
  #omittedBefore({ routeOptions }: FastifyRequest, { problemCode }: FastifyReply): number | undefined {
    if (problemCode === 'rate-limited') return this.#limits.refused();
    return routeOptions.config.limit === 'none' ? this.#limits.unlimited() : 0;
  }

  #linesOf({ server }: FastifyRequest): FastifyBaseLogger {
    this.#log ??= server.log.child({}, NO_REDACTION);
    return this.#log;
  }
}

/** Without the query, which may contain secrets by mistake. */
const pathOf = (url: string): string => url.split('?', 1)[0]?.slice(0, 256) ?? '';
