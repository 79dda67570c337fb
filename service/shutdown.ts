/** How a process of the service ends: on a signal, or after an uncaught error. */

import closeWithGrace from 'close-with-grace';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { WorkerSession } from './workers/worker-session.ts';

/**
 * Milliseconds that requests in progress get to finish before their connections are closed. It is longer than the
 * deadline of any handler (plugins/deadline.ts), so only a client that does not read its reply loses it.
 */
export const GRACE_PERIOD_MS = 32_000;

/** An uncaught error leaves the process in an unknown state: it drains and ends with exit code 1. */
export function closeOnSignals(app: FastifyInstance): void {
  const skip: ShutdownEvent[] = app.isReloadable() ? ['beforeExit', 'SIGHUP'] : ['beforeExit'];
  closeGracefully({ delay: delayOf(app), log: app.log, skip }, async ({ signal, err }) => {
    if (err) {
      app.log.fatal({ err }, 'uncaught error: the service stops');
      await app.close();
    } else {
      app.log.info(`${String(signal)} received: the service stops`);
      await app.leave();
    }
  });
}

const delayOf = ({ config }: FastifyInstance): number => config.SHUTDOWN_DELAY * 1000 + GRACE_PERIOD_MS;

/** Signals that a terminal or a service manager may send to every process of the service. */
const GROUP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

/** Returns a function that shuts the worker down. It may be called more than once; only the first call counts. */
export function shutDownOnce(app: FastifyInstance, session: WorkerSession): () => void {
  const leave = closeGracefully(
    { delay: delayOf(app), log: app.log, skip: ['beforeExit', ...GROUP_SIGNALS] },
    async ({ err }) => {
      if (err) app.log.fatal({ err }, 'uncaught error: the worker stops');
      await (err ? app.close() : app.leave());
      await session.reportFinalMetrics();
    },
  );
  for (const signal of GROUP_SIGNALS) process.on(signal, signal === 'SIGHUP' ? () => {} : () => leave());
  return leave;
}

type ShutdownEvent = closeWithGrace.AllEvents;

export interface ShutdownOptions {
  /** Milliseconds after which the process ends although the shutdown has not finished. */
  readonly delay: number;
  readonly log: FastifyBaseLogger;
  /** Events of close-with-grace that do not shut the process down. */
  readonly skip: readonly ShutdownEvent[];
}

/** Milliseconds in which a second signal repeats the first: npm sends Ctrl-C once more to a service that has it already. */
const REPEATED_SIGNAL_MS = 1000;

/**
 * Runs `shutDown`, once, at a signal or an uncaught error. A second signal ends the process at once with exit code 1,
 * unless it repeats the first. Returns a function that starts the shutdown without a signal.
 */
export function closeGracefully(
  { delay, log, skip }: ShutdownOptions,
  shutDown: (cause: {
    readonly signal?: string | undefined;
    readonly err?: Error | undefined;
  }) => Promise<void>,
): () => void {
  let startedAt = Infinity;
  const signals = GROUP_SIGNALS.filter((signal) => !skip.includes(signal));
  let first: string | undefined;
  // close-with-grace ends the process at a repeated signal too, so it gets none of these.
  const { close } = closeWithGrace({ delay, logger: log, skip: [...skip, ...signals] }, async (cause) => {
    startedAt = performance.now();
    await shutDown({ signal: first, ...cause });
  });
  const start = (): void => {
    if (startedAt === Infinity) close();
  };
  for (const signal of signals) {
    process.on(signal, () => {
      first ??= signal;
      start();
      if (performance.now() - startedAt < REPEATED_SIGNAL_MS) return;
      log.error(`second ${signal}: the process ends at once`);
      process.exit(1);
    });
  }
  return start;
}
