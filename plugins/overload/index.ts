/** Admission control: rejects early what would wait too long, so that admitted requests finish in time. */

import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { WorkQueue } from '../../src/algorithms/cryptography.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { addReadGauge } from '../metrics/read-gauge.ts';
import { createAdmission } from './admission.ts';
import { limitStreams } from './streams.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Cost in ML-DSA certificates. A route without a cost is always admitted. */
    cost?: number;
  }

  interface FastifyRequest {
    /** Once, for a request whose cost depends on its content. Throws a problem 503 if the service is overloaded. */
    admit(cost: number): Promise<void>;
  }
}

interface OverloadOptions {
  readonly queue: WorkQueue;
  readonly metrics: Metrics;
}

export const overload = fp<OverloadOptions>(
  async (app, { queue, metrics }) => {
    const admission = createAdmission<FastifyRequest>({ queue, metrics, limit: app.config.QUEUE_LIMIT });

    app.decorateRequest('admit', async function admit(cost) {
      await admission.wait();
      admission.take(this, cost);
    });
    app.addHook('onRequest', ({ routeOptions }, _reply, done) => {
      if (routeOptions.config.cost !== undefined) return admission.wait();
      return done();
    });
    // Checked again once the body has arrived: many requests that arrive together pass the check above, and a client that
    // is slow to send its body takes no slot. The slot is released when the reply is complete, not when it has been read.
    app.addHook('preValidation', (request, _reply, done) => {
      const { cost } = request.routeOptions.config;
      if (cost !== undefined) admission.take(request, cost);
      done();
    });
    limitStreams(app, () => metrics.shed.inc({ reason: 'streams' }));
    app.addHook('onSend', (request, _reply, _payload, done) => {
      admission.giveBack(request);
      done();
    });
    app.addHook('onClose', async () => admission.stop());

    addReadGauge(metrics.registry, {
      name: 'engine_queue_depth',
      help: 'What is computed or waits for it, in certificates of ML-DSA; refused from QUEUE_LIMIT on.',
      read: () => admission.depth(),
    });
  },
  { name: 'overload', dependencies: ['config', 'errors'] },
);
