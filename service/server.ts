/** The process: what is read first, what must hold before the port opens, and how it leaves. */

import type { FastifyInstance } from 'fastify';
import { openLog } from '../plugins/log/open.ts';
import { createMetrics } from '../plugins/metrics/metrics.ts';
import { lowerPoolPriority } from '../plugins/node-internals/pool-priority.ts';
import { removeProtoAccessor } from '../plugins/node-internals/proto-accessor.ts';
import { openTracing } from '../plugins/tracing/open.ts';
import { openWorkerLog } from './workers/log-relay.ts';
import { connectToPrimary, type WorkerSession } from './workers/worker-session.ts';
import { startPrimary } from './workers/primary.ts';
import { buildApp } from './app.ts';
import { issuanceSelfTest } from '../src/ca/self-test.ts';
import { addressFault } from '../src/config/address-fault.ts';
import { ConfigError } from '../src/config/error.ts';
import { exitFor, loadConfigOrExit } from '../src/config/load.ts';
import { passedSocket } from '../src/config/passed-socket.ts';
import type { Config } from '../src/config/schema.ts';
import { createDomain } from '../src/domain.ts';
import { closeOnSignals, GRACE_PERIOD_MS, shutDownOnce } from './shutdown.ts';
import type { WorkerContext } from './worker-context.ts';
import { systemCode } from '../src/base/system-code.ts';
import { sizeThreadPool } from './thread-pool.ts';
import { SERVICE_NAME, VERSION } from '../src/base/version.ts';

/** One process that serves, or where WEB_CONCURRENCY is above 1 the primary of as many, each of which runs `worker`. */
export async function start(worker: string): Promise<void> {
  prepareProcess();
  const config = loadConfigOrExit();
  await exitOnError(config, async () => {
    const socket = passedSocket(process.env, process.pid);
    await (config.WEB_CONCURRENCY > 1
      ? startPrimary(worker, config, socket, GRACE_PERIOD_MS)
      : serveAlone(config, socket));
  });
}

/** One of several processes that serve. */
export async function startWorker(): Promise<void> {
  prepareProcess();
  const membership = await connectToPrimary();
  await exitOnError(membership.settings.config, () => serveAsWorker(membership));
}

function prepareProcess(): void {
  removeProtoAccessor();
  // A reader of the log that is gone costs its lines, not the service.
  process.stdout.on('error', () => {});
}

async function exitOnError(config: Config, begin: () => Promise<void>): Promise<void> {
  try {
    await begin();
  } catch (error) {
    if (error instanceof ConfigError) exitFor(error);
    process.stderr.write(`${SERVICE_NAME} does not start: ${reasonOf(error, config)}\n`);
    process.exit(1);
  }
}

async function serveAlone(config: Config, socket: number | undefined): Promise<void> {
  const app = await createApp(config);
  closeOnSignals(app);
  if (app.isReloadable()) process.on('SIGHUP', () => void app.reload());
  await listen(app, socket);
}

/** Signals are the primary's: this process leaves when that says so, or when a signal is for it alone. */
async function serveAsWorker(membership: WorkerSession): Promise<void> {
  const { config, socket, announces } = membership.settings;
  const app = await createApp(config, membership.shared);
  membership.serve(app, shutDownOnce(app, membership));
  await (announces ? listen(app, socket) : withLogMuted(app, () => listen(app, socket)));
  await membership.serving();
}

/** The application with its domain. Throws PkiError unless the engine passes its self-test. */
export async function createApp(config: Config, shared?: WorkerContext): Promise<FastifyInstance> {
  sizeThreadPool(process.env, config.WEB_CONCURRENCY);
  const metrics = createMetrics();
  const log = await (shared
    ? openWorkerLog(() => metrics.logLinesDropped.inc(), shared.whenLineWritten)
    : openLog(config, metrics));
  const tracing = await openTracing(config, metrics);
  const domain = await createDomain(
    {
      engine: config.CRYPTO_ENGINE,
      observe(call) {
        metrics.observeEngine(call);
        tracing?.observeEngine(call);
      },
    },
    { notBeforeSkew: config.NOT_BEFORE_SKEW },
  );
  lowerPoolPriority();
  await issuanceSelfTest(domain.issuer(), domain.inspector);
  const app = await buildApp({ config, domain, metrics, tracing, log, ...(shared && { shared }) });
  for (const { message } of domain.engineFaults) app.log.warn(`engine not used: ${message}`);
  return app;
}

/** `fd` is a socket that was passed. Throws ConfigError for an address that cannot be one of ours. */
async function listen(app: FastifyInstance, fd: number | undefined): Promise<void> {
  const { config } = app;
  const workers = config.WEB_CONCURRENCY > 1 ? `, ${config.WEB_CONCURRENCY} workers` : '';
  const docs = (address: string): string =>
    config.DOCS_ENABLED ? `, documentation at ${address}${config.BASE_PATH}/docs` : '';
  const listenTextResolver = (address: string): string =>
    `${SERVICE_NAME} ${VERSION} listens on ${address}, engine ${app.keys.engineName}${workers}${docs(address)}`;
  const place = fd === undefined ? { host: hostOf(config), port: config.PORT } : { fd };
  try {
    await app.listen({ ...place, listenTextResolver });
  } catch (error) {
    throw addressFault(error, 'PORT') ?? error;
  }
}

/** For `localhost` Fastify opens a second server, which what plugins do for `app.server` would not hold for. */
const hostOf = ({ HOST }: Config): string => (HOST === 'localhost' ? '127.0.0.1' : HOST);

/** What other workers have said already is not said again. Answers when `begin` does. */
async function withLogMuted(app: FastifyInstance, begin: () => Promise<void>): Promise<void> {
  const { level } = app.log;
  if (level !== 'silent') app.log.level = 'fatal';
  await begin();
  app.log.level = level;
}

function reasonOf(error: unknown, { HOST, PORT }: Config): string {
  if (systemCode(error) === 'EADDRINUSE') return `port ${PORT} of ${HOST} is in use; set PORT to another one`;
  return error instanceof Error ? error.message : String(error);
}
