/** How a process that serves ends, by a signal or by an error that nobody caught. */

import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import type { WorkerSession } from './workers/worker-session.ts';

/**
 * How long what is under way may take to end, in milliseconds, before it is cut: longer than any handler may take
 * (plugins/deadline.ts), so that only a client that does not read its reply is cut without one.
 */
export const GRACE_PERIOD_MS = 32_000;

/** An error that nobody caught leaves the process in a state that nobody knows: it drains and ends with exit code 1. */
export function closeOnSignals(app: FastifyInstance): void {
  const skip: ('beforeExit' | 'SIGHUP')[] = app.isReloadable() ? ['beforeExit', 'SIGHUP'] : ['beforeExit'];
  closeWithGrace({ delay: delayOf(app), logger: app.log, skip }, async ({ signal, err }) => {
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

/** Answers what makes the worker leave. It does so once, however often and by whomever it is told. */
export function shutDownOnce(app: FastifyInstance, membership: WorkerSession): () => void {
  const { close } = closeWithGrace(
    { delay: delayOf(app), logger: app.log, skip: ['beforeExit', ...GROUP_SIGNALS] },
    async ({ err }) => {
      if (err) app.log.fatal({ err }, 'uncaught error: the worker stops');
      await (err ? app.close() : app.leave());
      await membership.reportFinalMetrics();
    },
  );
  let isLeaving = false;
  const leave = (): void => {
    if (!isLeaving) close();
    isLeaving = true;
  };
  for (const signal of GROUP_SIGNALS) process.on(signal, signal === 'SIGHUP' ? () => {} : leave);
  return leave;
}
