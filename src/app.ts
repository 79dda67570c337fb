/** The composition root: every plugin of the service, in the order in which a request meets them. */

import { randomUUID } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { config } from '../plugins/config.ts';
import { cors } from '../plugins/cors.ts';
import { crypto, type Domain } from '../plugins/crypto.ts';
import { draining } from '../plugins/draining.ts';
import { answerClientError } from '../plugins/errors/connection-errors.ts';
import { answerFrameworkError, errors } from '../plugins/errors/index.ts';
import { framing } from '../plugins/framing.ts';
import { headers } from '../plugins/headers.ts';
import { jsonBody } from '../plugins/json-body/index.ts';
import { jsonReply } from '../plugins/json-reply.ts';
import { limits } from '../plugins/limits.ts';
import { loggerOptions, RequestLog, type LogDestination } from '../plugins/logging.ts';
import { notFound } from '../plugins/not-found.ts';
import { openapi } from '../plugins/openapi/index.ts';
import { validation } from '../plugins/validation.ts';
import { routes } from '../routes/index.ts';
import type { Config } from './config/schema.ts';

export interface AppOptions extends Domain {
  readonly config: Config;
  /** Standard output unless given. */
  readonly log?: LogDestination;
}

export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const app = createServer(options);

  await app.register(config, { config: options.config });
  await app.register(errors);
  await app.register(headers);
  await app.register(draining);
  await app.register(framing);
  await app.register(cors);
  await app.register(limits);
  await app.register(notFound);
  await app.register(jsonBody);
  await app.register(jsonReply);
  await app.register(crypto, options);
  await app.register(openapi);
  await app.register(routes, { prefix: options.config.BASE_PATH });

  return app;
}

/** Times in milliseconds. A client that is slow to send its request is let go. */
const createServer = ({ config, log }: AppOptions): FastifyInstance =>
  fastify({
    bodyLimit: config.BODY_LIMIT,
    requestTimeout: 15_000,
    connectionTimeout: 30_000,
    handlerTimeout: 30_000,
    // Longer than a load balancer keeps a connection, so that it is the one who closes it.
    keepAliveTimeout: 65_000,
    maxRequestsPerSocket: 1000,
    // The Host header is checked by plugins/framing.ts, whose refusal has the usual shape.
    http: { headersTimeout: 5000, connectionsCheckingInterval: 1000, requireHostHeader: false },
    routerOptions: { maxParamLength: 100 },
    exposeHeadRoutes: true,
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // plugins/draining.ts answers instead.
    return503OnClosing: false,
    logger: loggerOptions(config, log),
    logController: new RequestLog({ requestIdLogLabel: 'request' }),
    schemaController: validation(),
    clientErrorHandler: answerClientError,
    frameworkErrors: answerFrameworkError,
  });
