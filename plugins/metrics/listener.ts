/** A second listener on METRICS_PORT for monitoring. It serves metrics and health only. */

import { fastify, type FastifyInstance, type FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import { addressFault } from '../../src/config/address-fault.ts';
import { systemCode } from '../../src/base/system-code.ts';
import { limitPipelining } from '../node-internals/pipelining.ts';

export const metricsListener = fp(
  async (app) => {
    const { METRICS_PORT: port } = app.config;
    if (port === undefined) return;
    const listener = createListener(app);
    app.addHook('onReady', () => listen(listener, app, port));
    app.addHook('onClose', () => listener.close());
  },
  { name: 'metrics-listener', dependencies: ['config', 'metrics'] },
);

const HEALTH = ['/health', '/livez', '/readyz', '/startupz'];

/** Times in milliseconds. */
function createListener(app: FastifyInstance): FastifyInstance {
  const { registry } = app.metrics;
  const listener = fastify({
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    http: { headersTimeout: 5000, connectionsCheckingInterval: 1000 },
    forceCloseConnections: true,
    clientErrorHandler: (_error, socket) => socket.destroy(),
  });
  limitPipelining(listener.server);
  listener.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await app.exposition()),
  );
  for (const path of HEALTH) listener.get(path, (_request, reply) => passOn(app, path, reply));
  // The primary did not return the measurements of all workers.
  listener.setErrorHandler(({ message }: Error, _request, reply) => reply.code(503).send({ error: message }));
  listener.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: 'Endpoint not found' }));
  return listener;
}

/** Sends the reply of the application itself. */
async function passOn(app: FastifyInstance, path: string, reply: FastifyReply): Promise<FastifyReply> {
  const { statusCode, headers, rawPayload } = await app.inject(`${app.config.BASE_PATH}${path}`);
  return reply.code(statusCode).type(String(headers['content-type'])).send(rawPayload);
}

async function listen(listener: FastifyInstance, app: FastifyInstance, port: number): Promise<void> {
  try {
    const address = await listener.listen({ host: app.config.HOST, port });
    app.log.info(`metrics and health are served on ${address}`);
  } catch (error) {
    const code = systemCode(error) ?? String(error);
    const sentence = `Port ${port} cannot be opened (${code}); set METRICS_PORT to another port`;
    throw addressFault(error, 'METRICS_PORT') ?? new Error(sentence, { cause: error });
  }
}
