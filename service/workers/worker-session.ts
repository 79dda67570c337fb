/** What a worker has of its primary: its orders, what all workers have in common, and when to leave. */

import cluster from 'node:cluster';
import type { FastifyInstance } from 'fastify';
import type { WorkerContext } from '../worker-context.ts';
import type { PrimaryRequests, WorkerRequests, WorkerSettings } from './messages.ts';
import { openChannel, type Channel } from './channel.ts';

export interface WorkerSession {
  readonly settings: WorkerSettings;
  readonly shared: WorkerContext;
  /** From now on the calls of the primary reach this application. `leave` is called when it, or its loss, says so. */
  serve(app: FastifyInstance, leave: () => void): void;
  /** Says that connections are taken. */
  serving(): Promise<void>;
  /** Says what was measured in all: afterwards nothing counts. */
  reportFinalMetrics(): Promise<void>;
}

/** How long a request waits for a count, and the start for its orders, in milliseconds. */
const COUNT_PATIENCE = 1000;
const START_PATIENCE = 60_000;

/** Answers once the primary has said what to do. Throws Error in a process that it has not started. */
export async function connectToPrimary(): Promise<WorkerSession> {
  const { worker } = cluster;
  if (worker === undefined)
    throw new Error('this is started by bin/start.js, where WEB_CONCURRENCY is above 1');
  const served = Promise.withResolvers<FastifyInstance>();
  let leave = endAtOnce;
  const primary = openChannel<WorkerRequests, PrimaryRequests>(worker, {
    beat: () => {},
    snapshot: async () => (await served.promise).metrics.registry.getMetricsAsJSON(),
    reload: async () => (await served.promise).reload(),
    leave: () => leave(),
  });
  worker.once('disconnect', () => {
    // Without it node:cluster ends this process at once, and what is under way with it.
    worker.exitedAfterDisconnect = true;
    leave();
  });
  const settings = await primary.call('begin', undefined, START_PATIENCE);
  return {
    settings,
    shared: sharedBy(primary, settings.ticketKeys),
    serve(app, leaveApp) {
      leave = leaveApp;
      served.resolve(app);
    },
    async serving() {
      await primary.call('serving', { isReloadable: (await served.promise).isReloadable() });
    },
    async reportFinalMetrics() {
      const snapshot = await (await served.promise).metrics.registry.getMetricsAsJSON();
      await primary.call('farewell', snapshot).catch(() => {});
    },
  };
}

/** There is nothing yet that could be under way. */
const endAtOnce = (): void => process.exit(0);

const sharedBy = (primary: Channel<WorkerRequests>, ticketKeys: string): WorkerContext => ({
  counts: {
    increment: (key, window) => primary.call('count', { act: 'increment', key, window }, COUNT_PATIENCE),
    read: (key, window) => primary.call('count', { act: 'read', key, window }, COUNT_PATIENCE),
  },
  exposition: () => primary.call('exposition', undefined),
  whenLineWritten: (line) => primary.call('fateOfLine', line),
  ticketKeys: Buffer.from(ticketKeys, 'base64'),
});
