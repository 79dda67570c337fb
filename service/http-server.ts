/** The HTTP server below the plugins: protocols, size limits and timeouts. */

import type { ServerOptions } from 'node:https';
import { fastify, type FastifyInstance } from 'fastify';
import { clientErrorHandler } from '../plugins/errors/connection-errors.ts';
import { answerFrameworkError } from '../plugins/errors/index.ts';
import { requestIdOf } from '../plugins/errors/request-id.ts';
import { PROTOCOLS } from '../plugins/node-internals/alpn.ts';
import { childLoggerFactory } from '../plugins/log/request-logger.ts';
import { loggerOptions, RequestLog, type LogDestination } from '../plugins/log/options.ts';
import type { Tracing } from '../plugins/tracing/tracing.ts';
import { serialization } from '../plugins/schemas/serialization.ts';
import { validation } from '../plugins/schemas/validation.ts';
import type { Config } from '../src/config/schema.ts';
import { readTls } from '../src/config/tls.ts';
import type { WorkerContext } from './worker-context.ts';

export interface HttpServerOptions {
  readonly config: Config;
  readonly log?: LogDestination;
  readonly shared?: WorkerContext;
  readonly tracing?: Tracing | undefined;
}

/** Times in milliseconds. The connection of a client that sends its request too slowly is closed. */
export const createServer = ({ config, log, shared, tracing }: HttpServerOptions): FastifyInstance =>
  fastify({
    bodyLimit: config.BODY_LIMIT,
    // The store is opened at the start, and a migration of it takes as long as it takes.
    pluginTimeout: 0,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    // Longer than a load balancer keeps an idle connection, so that the load balancer closes it first.
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 1000,
    http: http(config),
    ...secured(config, shared),
    routerOptions: { maxParamLength: 100 },
    exposeHeadRoutes: true,
    trustProxy: config.TRUST_PROXY.length > 0 && [...config.TRUST_PROXY],
    requestIdHeader: false,
    genReqId: requestIdOf,
    // Requests that arrive while the service stops still get their reply (plugins/draining.ts).
    return503OnClosing: false,
    logger: loggerOptions(config, log, tracing),
    childLoggerFactory,
    logController: new RequestLog({ requestIdLogLabel: 'request' }),
    schemaController: { compilersFactory: { ...validation, ...serialization() } },
    clientErrorHandler: clientErrorHandler(config.BASE_PATH),
    frameworkErrors: answerFrameworkError,
  });

/** In bytes. An ML-DSA-87 certificate in a header has 11,000, an access token signed with ML-DSA-87 has 6,500. */
const HEADER_SIZE = 16_384;
const HEADER_SIZE_WITH_CERTIFICATE = 32_768;

const http = ({ CLIENT_CERT_HEADER }: Config) => ({
  ...HTTP,
  maxHeaderSize: CLIENT_CERT_HEADER === undefined ? HEADER_SIZE : HEADER_SIZE_WITH_CERTIFICATE,
});

/** plugins/framing.ts checks the Host header instead, and rejects with a problem document. Times in milliseconds. */
const HTTP = Object.freeze({
  headersTimeout: 5000,
  connectionsCheckingInterval: 1000,
  requireHostHeader: false,
});

/**
 * Returns Fastify's option `https` if TLS is configured. Fastify serves HTTP/1.1 and plugins/http2 serves HTTP/2. A client
 * without a certificate is accepted here, because probes have none: plugins/client-certificates rejects it per route.
 */
function secured(config: Config, shared: WorkerContext | undefined): { https?: ServerOptions } {
  const tls = readTls(config);
  if (tls === undefined) return {};
  const clients = { requestCert: config.TLS_CLIENT_CA_FILE !== undefined, rejectUnauthorized: false };
  const tickets = shared && { ticketKeys: shared.ticketKeys };
  const protocols = { ALPNProtocols: PROTOCOLS };
  return { https: { ...http(config), ...tls, ...clients, ...tickets, ...protocols, handshakeTimeout: 5000 } };
}
