/** The connection of a worker to its primary: its settings, what all workers share, and when to leave. */

import cluster from 'node:cluster';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import type { CountStore } from '../../plugins/limits/count-store.ts';
import type { WorkerContext } from '../worker-context.ts';
import type { PrimaryRequests, WorkerRequests, WorkerSettings } from './messages.ts';
import { openChannel, type Channel, type Handlers } from './channel.ts';
import { LeasedCounts } from './leases/leased-counts.ts';

export interface WorkerSession {
  readonly settings: WorkerSettings;
  readonly shared: WorkerContext;
  /** Passes requests from the primary to `app`. Calls `leave` when the primary asks for it or has ended. */
  serve(app: FastifyInstance, leave: () => void): void;
  /** Reports that this worker accepts connections. */
  serving(): Promise<void>;
  /** Reports the last metrics. Nothing that is measured later counts. */
  reportFinalMetrics(): Promise<void>;
}

/** In milliseconds: how long a request waits for a count, and the start for the settings. */
const COUNT_TIMEOUT = 1000;
const START_TIMEOUT = 60_000;

/** Resolves when the primary has sent the settings. Throws Error in a process that a primary did not start. */
export async function connectToPrimary(): Promise<WorkerSession> {
  const { worker } = cluster;
  if (worker === undefined) {
    throw new Error('bin/worker.js is started by bin/start.js when WEB_CONCURRENCY is above 1');
  }
  const served = Promise.withResolvers<FastifyInstance>();
  let leave = exitAtOnce;
  const counts: LeasedCounts = new LeasedCounts({
    lease: (request) => primary.call('lease', request, COUNT_TIMEOUT),
    putBack: (returned) => primary.call('putBack', returned, COUNT_TIMEOUT),
  });
  const primary: Channel<WorkerRequests> = openChannel<WorkerRequests, PrimaryRequests>(worker, {
    ...countHandlers(counts),
    ping: () => {},
    snapshot: async () => (await served.promise).metrics.registry.getMetricsAsJSON(),
    reload: async () => (await served.promise).reload(),
    leave: () => leave(),
  });
  worker.once('disconnect', () => {
    // Otherwise node:cluster ends this process at once, with requests in progress.
    worker.exitedAfterDisconnect = true;
    leave();
  });
  const settings = await primary.call('settings', undefined, START_TIMEOUT);
  for (const window of await primary.call('fullWindows', undefined)) counts.noteFull(window);
  return {
    settings,
    shared: contextFrom(primary, counts, settings.ticketKeys),
    serve(app, leaveApp) {
      leave = leaveApp;
      served.resolve(app);
    },
    async serving() {
      await primary.call('serving', { isReloadable: (await served.promise).isReloadable() });
    },
    async reportFinalMetrics() {
      const snapshot = await (await served.promise).metrics.registry.getMetricsAsJSON();
      await primary.call('finalMetrics', snapshot).catch(() => {});
    },
  };
}

const countHandlers = (counts: LeasedCounts): Pick<Handlers<PrimaryRequests>, 'recall' | 'noteFull'> => ({
  // A lease that has arrived with this request is stored first.
  async recall(window) {
    await nextTurn();
    return counts.recall(window);
  },
  noteFull: (window) => counts.noteFull(window),
});

/** Before the worker serves, no request can be in progress. */
const exitAtOnce = (): void => process.exit(0);

const contextFrom = (
  primary: Channel<WorkerRequests>,
  counts: CountStore,
  ticketKeys: string,
): WorkerContext => ({
  counts,
  exposition: () => primary.call('exposition', undefined),
  whenLineWritten: (line) => primary.call('whenLineWritten', line),
  ticketKeys: Buffer.from(ticketKeys, 'base64'),
});
