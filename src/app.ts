/** The composition root: every plugin of the service, in the order in which a request meets them. */

import type { ServerOptions } from 'node:https';
import { fastify, type FastifyInstance } from 'fastify';
import { audit } from '../plugins/audit/index.ts';
import { auth } from '../plugins/auth/index.ts';
import { clientCertificates } from '../plugins/client-certificates/index.ts';
import { config } from '../plugins/config.ts';
import { connections } from '../plugins/connections.ts';
import { cors } from '../plugins/cors.ts';
import { crypto, type Domain } from '../plugins/crypto.ts';
import { draining } from '../plugins/draining.ts';
import { answerClientError } from '../plugins/errors/connection-errors.ts';
import { answerFrameworkError, errors } from '../plugins/errors/index.ts';
import { framing } from '../plugins/framing.ts';
import { headers } from '../plugins/headers.ts';
import { http2 } from '../plugins/http2/index.ts';
import { PROTOCOLS } from '../plugins/http2/negotiation.ts';
import { jsonBody } from '../plugins/json-body/index.ts';
import { jsonReply } from '../plugins/json-reply.ts';
import type { CountStore } from '../plugins/limits/count-store.ts';
import { failedAuthentication } from '../plugins/limits/failed-authentication.ts';
import { limits } from '../plugins/limits/index.ts';
import { limitStore } from '../plugins/limits/store.ts';
import { loggerOptions, RequestLog, type LogDestination } from '../plugins/logging.ts';
import { countedIssuer } from '../plugins/metrics/counted-issuer.ts';
import { metrics } from '../plugins/metrics/index.ts';
import { metricsListener } from '../plugins/metrics/listener.ts';
import { createMetrics, type Metrics } from '../plugins/metrics/metrics.ts';
import { notFound } from '../plugins/not-found.ts';
import { overload } from '../plugins/overload/index.ts';
import { readiness } from '../plugins/readiness.ts';
import { tls } from '../plugins/tls.ts';
import { requestIdOf } from '../plugins/request-id.ts';
import { reloading } from '../plugins/reloading.ts';
import { openapi } from '../plugins/openapi/index.ts';
import { tracing } from '../plugins/tracing/index.ts';
import type { Tracing } from '../plugins/tracing/tracing.ts';
import { validation } from '../plugins/validation.ts';
import { routes } from '../routes/index.ts';
import type { EngineQueue } from './algorithms/observed-engine.ts';
import type { Config } from './config/schema.ts';
import { readTls } from './config/tls.ts';

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

export interface Shared {
  /** Where the rate limits count together. */
  readonly counts: CountStore;
  /** What all workers have measured, in the text format of Prometheus. */
  readonly exposition: () => Promise<string>;
  /** Answers once the line of the log that was the so many-th of this worker is written. Rejects where it is lost. */
  readonly fateOfLine: (line: number) => Promise<void>;
  /** Of TLS: 48 octets, so that a client resumes a session with any worker. */
  readonly ticketKeys: Buffer;
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = createServer(options);
  const { metrics: measures = createMetrics(), log, shared, queue = { depth: 0 } } = options;
  // The first hook of its kind runs last, after the last line.
  app.addHook('onClose', () => log?.close?.());

  await app.register(config, { config: options.config });
  await app.register(errors);
  await app.register(tracing, { tracing: options.tracing });
  await app.register(reloading);
  await app.register(headers);
  await app.register(readiness);
  await app.register(draining);
  await app.register(connections, { metrics: measures });
  await app.register(framing);
  await app.register(http2);
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

/** In bytes: an ML-DSA-87 certificate in a header takes 11,000 of them, an access token that ML-DSA-87 signs 6,500. */
const HEADER_SIZE = 16_384;
const HEADER_SIZE_WITH_CERTIFICATE = 32_768;

const http = ({ CLIENT_CERT_HEADER }: Config) => ({
  ...HTTP,
  maxHeaderSize: CLIENT_CERT_HEADER === undefined ? HEADER_SIZE : HEADER_SIZE_WITH_CERTIFICATE,
});

/** The Host header is checked by plugins/framing.ts, whose refusal has the usual shape. Times in milliseconds. */
const HTTP = Object.freeze({
  headersTimeout: 5000,
  connectionsCheckingInterval: 1000,
  requireHostHeader: false,
});

/**
 * Fastify's `https`, where the configuration has TLS. Fastify serves HTTP/1.1, and plugins/http2 beside it HTTP/2. A client
 * without a certificate is not refused yet, since probes have none (plugins/client-certificates).
 */
function secured(config: Config, shared: Shared | undefined): { https?: ServerOptions } {
  const tls = readTls(config);
  if (tls === undefined) return {};
  const clients = { requestCert: config.TLS_CLIENT_CA_FILE !== undefined, rejectUnauthorized: false };
  const tickets = shared && { ticketKeys: shared.ticketKeys };
  const protocols = { ALPNProtocols: PROTOCOLS };
  return { https: { ...http(config), ...tls, ...clients, ...tickets, ...protocols, handshakeTimeout: 5000 } };
}

/** Times in milliseconds. A client that is slow to send its request is let go. */
const createServer = ({ config, log, shared, tracing }: AppOptions): FastifyInstance =>
  fastify({
    bodyLimit: config.BODY_LIMIT,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    handlerTimeout: 30_000,
    // Longer than a load balancer keeps a connection, so that it is the one who closes it.
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 1000,
    http: http(config),
    ...secured(config, shared),
    routerOptions: { maxParamLength: 100 },
    exposeHeadRoutes: true,
    trustProxy: config.TRUST_PROXY.length > 0 && [...config.TRUST_PROXY],
    requestIdHeader: false,
    genReqId: requestIdOf,
    // What is on its way when the service stops is answered (plugins/draining.ts).
    return503OnClosing: false,
    logger: loggerOptions(config, log, tracing),
    logController: new RequestLog({ requestIdLogLabel: 'request' }),
    schemaController: validation(),
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
  });
