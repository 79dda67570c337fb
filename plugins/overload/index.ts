/** Admission control: rejects early what would wait too long, so that admitted requests finish in time. */

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
import { limitStreams } from './streams.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Cost in ML-DSA certificates. A route without a cost is always admitted. */
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
 * How long a request waits for a free slot before it is rejected, in milliseconds. Otherwise clients that retry at once take
 * the time of those that are served: 128 clients got 1,760 certificates a second without the wait, and get 2,630 with it.
 */
const PATIENCE = 50;

export const overload = fp<OverloadOptions>(
  async (app, { queue, metrics }) => {
    const places = createSlots<FastifyRequest>();
    const eventLoop = watchEventLoop();

    // A call of the engine can outlive its request, when that reached its deadline.
    const depth = (): number => Math.max(queue.depth, places.taken);

    function refuseIfOverloaded(): void {
      const reason = reasonToRefuse();
      if (reason === undefined) return;
      metrics.shed.inc({ reason });
      throw new ProblemError(OVERLOADED);
    }

    /** With an empty queue the next request is admitted, so that the service makes progress whatever blocks the event loop. */
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
    // Checked again once the body has arrived: many requests that arrive together pass the check above, and a client that
    // is slow to send its body takes no slot. The slot is released when the reply is complete, not when it has been read.
    app.addHook('preValidation', async (request) => {
      const { cost } = request.routeOptions.config;
      if (cost === undefined) return;
      refuseIfOverloaded();
      places.take(request, cost);
    });
    limitStreams(app, () => metrics.shed.inc({ reason: 'streams' }));
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

/** The queue is processed in about a second. */
const OVERLOADED = {
  code: 'overloaded',
  detail: 'The service is overloaded; try again in a few seconds',
  headers: { 'Retry-After': '2' },
} as const;
