/** Refuses soon what would wait too long, so that what is admitted is answered in time and the rest can go elsewhere. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { EngineQueue } from '../../src/algorithms/ml-dsa/observed-engine.ts';
import { ProblemError } from '../errors/problem.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { Overload } from '../metrics/overload-reason.ts';
import { addReadGauge } from '../metrics/read-gauge.ts';
import { watchEventLoop } from './event-loop.ts';
import { createSlots } from './slots.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How many certificates of ML-DSA it costs as much as; without it nothing, and it is always let in. */
    cost?: number;
  }
}

interface OverloadOptions {
  readonly queue: EngineQueue;
  readonly metrics: Metrics;
}

/** How late the event loop may be, in milliseconds. */
const MAX_LATENESS = 1000;

/**
 * How long what would be refused waits for room, in milliseconds. Clients that ask again at once would else take the
 * time of those that are served: 128 of them had 1,760 certificates a second made, and have 2,630.
 */
const PATIENCE = 50;

export const overload = fp<OverloadOptions>(
  async (app, { queue, metrics }) => {
    const places = createSlots<FastifyRequest>();
    const eventLoop = watchEventLoop();

    // Calls of the engine outlive a request that was answered because it took too long.
    const depth = (): number => Math.max(queue.depth, places.taken);

    function refuseIfOverloaded(): void {
      const reason = reasonToRefuse();
      if (reason === undefined) return;
      metrics.shed.inc({ reason });
      throw new ProblemError(OVERLOADED);
    }

    /** Where nothing waits the next is let in: so the service goes on, whatever holds up the event loop. */
    function reasonToRefuse(): Overload | undefined {
      if (depth() === 0) return undefined;
      if (depth() >= app.config.QUEUE_LIMIT) return 'queue';
      return eventLoop.lateness() > MAX_LATENESS ? 'event-loop' : undefined;
    }

    app.addHook('onRequest', async ({ routeOptions }) => {
      if (routeOptions.config.cost === undefined || reasonToRefuse() === undefined) return;
      await sleep(PATIENCE);
      refuseIfOverloaded();
    });
    // Once the body is there: many that come together are all let in above, and a client that is slow to send its
    // body holds no place. Which is given back when the answer is made, not when it has been read.
    app.addHook('preValidation', async (request) => {
      const { cost } = request.routeOptions.config;
      if (cost === undefined) return;
      refuseIfOverloaded();
      places.take(request, cost);
    });
    app.addHook('onSend', async (request) => places.giveBack(request));
    app.addHook('onClose', async () => eventLoop.stop());

    addReadGauge(metrics.registry, {
      name: 'engine_queue_depth',
      help: 'What is computed or waits for it, in certificates of ML-DSA; refused from QUEUE_LIMIT on.',
      read: depth,
    });
  },
  { name: 'overload', dependencies: ['config', 'errors'] },
);

/** What waits is done in about a second. */
const OVERLOADED = {
  code: 'overloaded',
  detail: 'The service has more to compute than it can in time; try again in a few seconds',
  headers: { 'Retry-After': '2' },
} as const;
