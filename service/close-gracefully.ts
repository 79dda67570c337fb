/** Ends a process at a signal, in which a repeated signal counts once. */

import closeWithGrace from 'close-with-grace';
import type { FastifyBaseLogger } from 'fastify';

/** Signals that a terminal or a service manager may send to every process of the service. */
export const GROUP_SIGNALS = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM'] as const;

export type ShutdownEvent = closeWithGrace.AllEvents;

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
