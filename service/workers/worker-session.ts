/** What a worker has of its primary: its orders, what all workers have in common, and when to leave. */

import cluster from 'node:cluster';
import type { FastifyInstance } from 'fastify';
import type { Shared } from '../worker-context.ts';
import type { CallsOfPrimary, CallsOfWorker, Orders } from './messages.ts';
import { openChannel, type Channel } from './channel.ts';

export interface Membership {
  readonly orders: Orders;
  readonly shared: Shared;
  /** From now on the calls of the primary reach this application. `leave` is called when it, or its loss, says so. */
  serve(app: FastifyInstance, leave: () => void): void;
  /** Says that connections are taken. */
  serving(): Promise<void>;
  /** Says what was measured in all: afterwards nothing counts. */
  sayFarewell(): Promise<void>;
}

/** How long a request waits for a count, and the start for its orders, in milliseconds. */
const COUNT_PATIENCE = 1000;
const START_PATIENCE = 60_000;

/** Answers once the primary has said what to do. Throws Error in a process that it has not started. */
export async function joinPrimary(): Promise<Membership> {
  const { worker } = cluster;
  if (worker === undefined)
    throw new Error('this is started by bin/start.js, where WEB_CONCURRENCY is above 1');
  const served = Promise.withResolvers<FastifyInstance>();
  let leave = endAtOnce;
  const primary = openChannel<CallsOfWorker, CallsOfPrimary>(worker, {
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
  const orders = await primary.call('begin', undefined, START_PATIENCE);
  return {
    orders,
    shared: sharedBy(primary, orders.ticketKeys),
    serve(app, leaveApp) {
      leave = leaveApp;
      served.resolve(app);
    },
    async serving() {
      await primary.call('serving', { isReloadable: (await served.promise).isReloadable() });
    },
    async sayFarewell() {
      const snapshot = await (await served.promise).metrics.registry.getMetricsAsJSON();
      await primary.call('farewell', snapshot).catch(() => {});
    },
  };
}

/** There is nothing yet that could be under way. */
const endAtOnce = (): void => process.exit(0);

const sharedBy = (primary: Channel<CallsOfWorker>, ticketKeys: string): Shared => ({
  counts: {
    increment: (key, window) => primary.call('count', { act: 'increment', key, window }, COUNT_PATIENCE),
    read: (key, window) => primary.call('count', { act: 'read', key, window }, COUNT_PATIENCE),
  },
  exposition: () => primary.call('exposition', undefined),
  fateOfLine: (line) => primary.call('fateOfLine', line),
  ticketKeys: Buffer.from(ticketKeys, 'base64'),
});
