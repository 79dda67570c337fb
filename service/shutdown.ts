/** How a process of the service ends: on a signal, or after an uncaught error. */

import type { FastifyInstance } from 'fastify';
import { closeGracefully, GROUP_SIGNALS, type ShutdownEvent } from './close-gracefully.ts';
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
