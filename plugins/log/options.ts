/** What is logged: one line of JSON a request, and no body, secret or query. */

import {
  LogController,
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import type { Config } from '../../src/config/schema.ts';

/** Takes the lines of the log instead of standard output. */
export interface LogDestination {
  write(line: string): void;
  /**
   * Asked right after `write`, before anything else can be written: answers once that line is out of this process, and
   * so outlives it, and throws Error where it is lost or a write before it fails. It may take for ever; the caller sets
   * the limit. AUDIT_REQUIRED needs it.
   */
  written?(): Promise<void>;
  /** Called when the service has closed. */
  close?(): Promise<void>;
}

/** What a process opens at its start. `close` answers when everything is written, or cannot be. */
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

/** JSON lets these stand in a string as they are (RFC 8259 §7), and some readers of lines take them for an end. */
const onOneLine = (line: string): string =>
  line.replace(/[\u0085\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`);

const SECRET_FIELDS = ['authorization', 'x-api-key', 'cookie', 'private_key', 'ca_private_key'];

/** A stack tells of the machine, so only who looks for a fault has it in the log. */
const errorSerializer = (level: Config['LOG_LEVEL']): ((error: unknown) => ErrorLine) =>
  level === 'debug' || level === 'trace' ? describeError : (error) => withoutStack(describeError(error));

/** Other members of an error, such as the data that a validation error is about, may be anything. */
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
  /** The type that Fastify wants has an index, so this must too. */
  readonly [member: string]: unknown;
  readonly type: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: ErrorLine;
}

/** For a child logger of lines whose members are all chosen here: to look for secrets among them takes 9 µs a line. */
export const NO_REDACTION = { redact: [] };

/** Fastify's `logController`: the line that a request leaves is written when its reply is done. */
export class RequestLog extends LogController {
  #log: FastifyBaseLogger | undefined;

  override incomingRequest(): void {}

  override requestCompleted(
    error: Error | null | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    const line = {
      method: request.method,
      path: pathOf(request.url),
      // A client that left before its reply began has had none.
      status: reply.raw.headersSent ? reply.statusCode : undefined,
      problem: reply.problemCode,
      reason: reply.problemReason,
      milliseconds: Math.round(reply.elapsedTime * 10) / 10,
      client: request.ip,
      principal: request.principal?.id,
      ...request.span?.identifiers,
    };
    if (error) request.log.error({ ...line, err: error }, 'request failed');
    else this.#linesOf(request).info({ request: request.id, ...line }, 'request');
  }

  #linesOf({ server }: FastifyRequest): FastifyBaseLogger {
    this.#log ??= server.log.child({}, NO_REDACTION);
    return this.#log;
  }
}

/** A query may hold what does not belong there, such as a key. */
const pathOf = (url: string): string => url.split('?', 1)[0]?.slice(0, 256) ?? '';
