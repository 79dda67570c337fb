/** The composition: every plugin of the service, in the order in which they handle a request. */

import type { FastifyInstance } from 'fastify';
import { authorities, type AuthoritiesOptions } from '../plugins/authorities.ts';
import { accept } from '../plugins/accept.ts';
import { audit } from '../plugins/audit/index.ts';
import { auth } from '../plugins/auth/index.ts';
import { clientCertificates } from '../plugins/client-certificates/index.ts';
import { config } from '../plugins/config.ts';
import { connections } from '../plugins/connections.ts';
import { crlPublication } from '../plugins/crl-publication.ts';
import { cors } from '../plugins/cors.ts';
import { domain } from '../plugins/domain.ts';
import { deadline } from '../plugins/deadline.ts';
import { draining } from '../plugins/draining.ts';
import { errors } from '../plugins/errors/index.ts';
import { framing } from '../plugins/framing.ts';
import { headers } from '../plugins/headers.ts';
import { http2 } from '../plugins/http2/index.ts';
import { bodies } from '../plugins/bodies/index.ts';
import { replies } from '../plugins/replies.ts';
import { keyCollection } from '../plugins/key-collection.ts';
import { lingeringClose } from '../plugins/lingering-close.ts';
import { failedAuthentication } from '../plugins/limits/failed-authentication.ts';
import { limits } from '../plugins/limits/index.ts';
import { limitStore } from '../plugins/limits/store.ts';
import type { LogDestination } from '../plugins/log/options.ts';
import { metrics } from '../plugins/metrics/index.ts';
import { metricsListener } from '../plugins/metrics/listener.ts';
import { createMetrics, type Metrics } from '../plugins/metrics/metrics.ts';
import { notFound } from '../plugins/not-found.ts';
import { overload } from '../plugins/overload/index.ts';
import { pipelining } from '../plugins/pipelining.ts';
import { publications } from '../plugins/publications/index.ts';
import { records } from '../plugins/records.ts';
import { revocation } from '../plugins/revocation.ts';
import { readiness } from '../plugins/readiness.ts';
import { tls } from '../plugins/tls.ts';
import { reloading } from '../plugins/reloading/index.ts';
import { ocsp } from '../plugins/ocsp.ts';
import { openapi } from '../plugins/openapi/index.ts';
import { webhooks } from '../plugins/webhooks.ts';
import { tracing } from '../plugins/tracing/index.ts';
import type { Tracing } from '../plugins/tracing/tracing.ts';
import { routes } from '../routes/index.ts';
import type { Config } from '../src/config/schema.ts';
import type { Domain } from '../src/domain.ts';
import { createServer } from './http-server.ts';
import type { WorkerContext } from './worker-context.ts';

export interface AppOptions {
  readonly config: Config;
  readonly domain: Domain;
  /** Standard output unless given. */
  readonly log?: LogDestination;
  /** The metrics of the engine; a registry of its own unless given. */
  readonly metrics?: Metrics;
  /** What all workers share, where this is one of several. */
  readonly shared?: WorkerContext;
  /** No traces unless given. */
  readonly tracing?: Tracing | undefined;
  /** Opens the stored authorities; none unless given. */
  readonly authorities?: AuthoritiesOptions['open'];
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = createServer(options);
  const { metrics: measures = createMetrics(), log, shared } = options;
  // Hooks run in reverse order when the application closes: this one last, after the last line.
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
  await app.register(lingeringClose);
  await app.register(framing);
  await app.register(http2);
  await app.register(pipelining);
  await app.register(tls);
  await app.register(cors);
  await app.register(overload, { queue: options.domain.queue, metrics: measures });
  await app.register(limitStore, { shared: shared?.counts });
  await app.register(failedAuthentication);
  await app.register(clientCertificates, { keys: options.domain.keys });
  await app.register(auth);
  await app.register(limits);
  await app.register(notFound);
  await app.register(bodies);
  await app.register(accept);
  await app.register(replies);
  await app.register(domain, { domain: options.domain });
  await registerStored(app, options);
  await app.register(keyCollection);
  await app.register(metrics, { metrics: measures, exposition: shared?.exposition });
  await registerRevocation(app);
  await app.register(metricsListener);
  await app.register(audit, { destination: log });
  await app.register(openapi);
  await app.register(routes, { prefix: options.config.BASE_PATH });

  return app;
}

/** What others learn of certificates and their revocation. */
async function registerRevocation(app: FastifyInstance): Promise<void> {
  await app.register(publications);
  await app.register(crlPublication);
  await app.register(ocsp);
  await app.register(webhooks);
}

/** What needs the store of the authorities. */
async function registerStored(
  app: FastifyInstance,
  { authorities: open, domain }: AppOptions,
): Promise<void> {
  await app.register(authorities, { open });
  await app.register(records, { clock: domain.context.clock });
  await app.register(revocation);
}
