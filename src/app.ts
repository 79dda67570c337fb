/** The composition root: every plugin of the service, in the order in which a request meets them. */

import type { FastifyInstance } from 'fastify';
import { audit } from '../plugins/audit/index.ts';
import { auth } from '../plugins/auth/index.ts';
import { clientCertificates } from '../plugins/client-certificates/index.ts';
import { config } from '../plugins/config.ts';
import { connections } from '../plugins/connections.ts';
import { cors } from '../plugins/cors.ts';
import { crypto, type Domain } from '../plugins/crypto.ts';
import { deadline } from '../plugins/deadline.ts';
import { draining } from '../plugins/draining.ts';
import { errors } from '../plugins/errors/index.ts';
import { framing } from '../plugins/framing.ts';
import { headers } from '../plugins/headers.ts';
import { http2 } from '../plugins/http2/index.ts';
import { jsonBody } from '../plugins/json-body/index.ts';
import { jsonReply } from '../plugins/json-reply.ts';
import { lingering } from '../plugins/lingering.ts';
import { failedAuthentication } from '../plugins/limits/failed-authentication.ts';
import { limits } from '../plugins/limits/index.ts';
import { limitStore } from '../plugins/limits/store.ts';
import type { LogDestination } from '../plugins/logging.ts';
import { countedIssuer } from '../plugins/metrics/counted-issuer.ts';
import { metrics } from '../plugins/metrics/index.ts';
import { metricsListener } from '../plugins/metrics/listener.ts';
import { createMetrics, type Metrics } from '../plugins/metrics/metrics.ts';
import { notFound } from '../plugins/not-found.ts';
import { overload } from '../plugins/overload/index.ts';
import { pipelining } from '../plugins/pipelining.ts';
import { readiness } from '../plugins/readiness.ts';
import { tls } from '../plugins/tls.ts';
import { reloading } from '../plugins/reloading.ts';
import { openapi } from '../plugins/openapi/index.ts';
import { tracing } from '../plugins/tracing/index.ts';
import type { Tracing } from '../plugins/tracing/tracing.ts';
import { routes } from '../routes/index.ts';
import type { EngineQueue } from './algorithms/observed-engine.ts';
import type { Config } from './config/schema.ts';
import { createServer } from './http-server.ts';
import type { Shared } from './shared.ts';

export interface AppOptions extends Domain {
  readonly config: Config;
  /** What waits for the engine; nothing unless given. */
  readonly queue?: EngineQueue;
  /** Standard output unless given. */
  readonly log?: LogDestination;
  /** What the engine is measured with; series of its own unless given. */
  readonly metrics?: Metrics;
  /** What all workers have in common, where this is one of several. */
  readonly shared?: Shared;
  /** No traces unless given. */
  readonly tracing?: Tracing | undefined;
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = createServer(options);
  const { metrics: measures = createMetrics(), log, shared, queue = { depth: 0 } } = options;
  // The first hook of its kind runs last, after the last line.
  app.addHook('onClose', () => log?.close?.());

  await app.register(config, { config: options.config });
  await app.register(errors);
  await app.register(deadline);
  await app.register(tracing, { tracing: options.tracing });
  await app.register(reloading);
  await app.register(headers);
  await app.register(readiness);
  await app.register(draining);
  await app.register(connections, { metrics: measures });
  await app.register(lingering);
  await app.register(framing);
  await app.register(http2);
  await app.register(pipelining);
  await app.register(tls);
  await app.register(cors);
  await app.register(overload, { queue, metrics: measures });
  await app.register(limitStore, { shared: shared?.counts });
  await app.register(failedAuthentication);
  await app.register(clientCertificates, { keys: options.keys });
  await app.register(auth);
  await app.register(limits);
  await app.register(notFound);
  await app.register(jsonBody);
  await app.register(jsonReply);
  await app.register(crypto, { ...options, issuer: countedIssuer(options.issuer, measures) });
  await app.register(metrics, { metrics: measures, exposition: shared?.exposition });
  await app.register(metricsListener);
  await app.register(audit, { destination: log });
  await app.register(openapi);
  await app.register(routes, { prefix: options.config.BASE_PATH });

  return app;
}
