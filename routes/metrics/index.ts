import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { UNLIMITED } from '../wire/cost.ts';
import { readMetrics } from './schema.ts';

/** A scraper sends more requests than the hourly limit allows. */
const CONFIG = Object.freeze({ ...UNLIMITED, scope: 'metrics:read' } as const);

export const metrics: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { registry } = app.metrics;

  app.get('', { schema: readMetrics, config: CONFIG }, async (_request, reply) =>
    reply.type(registry.contentType).send(await app.exposition()),
  );

  done();
};
