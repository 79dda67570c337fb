/** The logger of a request, which Fastify makes for each, and with which few requests write a line. */

import type { FastifyBaseLogger } from 'fastify';

type ChildOptions = Parameters<FastifyBaseLogger['child']>[1];
type Level = 'debug' | 'error' | 'fatal' | 'info' | 'silent' | 'trace' | 'warn';

/**
 * Fastify's `childLoggerFactory`. A child logger of pino takes 4 µs and redacts its bindings, and what it allocates keeps
 * the request in memory until a full collection of garbage. So it is made for the first line.
 */
export const childLoggerFactory = (
  parent: FastifyBaseLogger,
  bindings: object,
  options: ChildOptions,
): FastifyBaseLogger => new RequestLogger(parent, bindings, options);

class RequestLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: object;
  readonly #options: ChildOptions;
  #child: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: object, options: ChildOptions) {
    this.#parent = parent;
    this.#bindings = bindings;
    this.#options = options;
  }

  get level(): FastifyBaseLogger['level'] {
    return this.#logger().level;
  }

  child(bindings: object, options?: ChildOptions): FastifyBaseLogger {
    return this.#logger().child(bindings, options);
  }

  fatal(...line: readonly unknown[]): void {
    this.#write('fatal', line);
  }

  error(...line: readonly unknown[]): void {
    this.#write('error', line);
  }

  warn(...line: readonly unknown[]): void {
    this.#write('warn', line);
  }

  info(...line: readonly unknown[]): void {
    this.#write('info', line);
  }

  debug(...line: readonly unknown[]): void {
    this.#write('debug', line);
  }

  trace(...line: readonly unknown[]): void {
    this.#write('trace', line);
  }

  silent(): void {}

  #write(level: Level, line: readonly unknown[]): void {
    const logger = this.#logger();
    Reflect.apply(logger[level], logger, line);
  }

  #logger(): FastifyBaseLogger {
    this.#child ??= this.#parent.child(this.#bindings, this.#options);
    return this.#child;
  }
}
