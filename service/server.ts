/** The process: reads the configuration, starts the application or the workers, and opens the port. */

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
import { openAuthorities } from './authorities.ts';
import { issuanceSelfTest } from '../src/ca/self-test.ts';
import { addressFault } from '../src/config/address-fault.ts';
import { ConfigError } from '../src/config/error.ts';
import { exitFor, loadConfigOrExit } from '../src/config/load.ts';
import { passedSocket } from '../src/config/passed-socket.ts';
import type { Config } from '../src/config/schema.ts';
import { readKeyBlocklist } from '../src/config/key-blocklist.ts';
import { createDomain } from '../src/domain.ts';
import { firstSteps, openAddressWarning } from './first-steps.ts';
import { closeOnSignals, GRACE_PERIOD_MS, shutDownOnce } from './shutdown.ts';
import type { WorkerContext } from './worker-context.ts';
import { systemCode } from '../src/base/system-code.ts';
import { sizeThreadPool } from './thread-pool.ts';
import { SERVICE_NAME, VERSION } from '../src/base/version.ts';

/** Starts the service. If WEB_CONCURRENCY is above 1 this process is the primary, and each worker runs the file `worker`. */
export async function start(worker: string): Promise<void> {
  prepareProcess();
  const config = withLogFormat(loadConfigOrExit());
  await exitOnError(config, async () => {
    const socket = passedSocket(process.env, process.pid);
    await (config.WEB_CONCURRENCY > 1
      ? startPrimary(worker, config, socket, GRACE_PERIOD_MS)
      : serveAlone(config, socket));
  });
}

/** Starts one worker, in a process that the primary has started. */
export async function startWorker(): Promise<void> {
  prepareProcess();
  const session = await connectToPrimary();
  await exitOnError(session.settings.config, () => serveAsWorker(session));
}

/** Decides what LOG_FORMAT=auto is, since standard output of a worker is a pipe. */
function withLogFormat(config: Config): Config {
  if (config.LOG_FORMAT !== 'auto') return config;
  const isForReader = process.stdout.isTTY && config.LOG_FILE === undefined;
  return Object.freeze({ ...config, LOG_FORMAT: isForReader ? 'pretty' : 'json' });
}

function prepareProcess(): void {
  removeProtoAccessor();
  // If the reader of the log is gone, log lines are lost and the service continues.
  process.stdout.on('error', () => {});
}

async function exitOnError(config: Config, start: () => Promise<void>): Promise<void> {
  try {
    await start();
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

/** The primary handles the signals of the service. This process ends when the primary asks it to, or on its own signal. */
async function serveAsWorker(session: WorkerSession): Promise<void> {
  const { config, socket, announces } = session.settings;
  const app = await createApp(config, session.shared);
  session.serve(app, shutDownOnce(app, session));
  await (announces ? listen(app, socket) : withLogMuted(app, () => listen(app, socket)));
  await session.serving();
}

/** The application with its domain. Throws PkiError unless the engine passes its self-test. `open` is another for tests. */
export async function createApp(
  config: Config,
  shared?: WorkerContext,
  open = openAuthorities,
): Promise<FastifyInstance> {
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
    { notBeforeSkew: config.NOT_BEFORE_SKEW, blocklist: readKeyBlocklist(config) },
  );
  lowerPoolPriority();
  await issuanceSelfTest(domain.issuer(), domain.inspector);
  const app = await buildApp({
    config,
    domain,
    metrics,
    tracing,
    log,
    authorities: (report) => open(config, domain, report, metrics.store.observer),
    ...(shared && { shared }),
  });
  for (const { message } of domain.engineFaults) app.log.warn(`engine not used: ${message}`);
  return app;
}

/** `fd` is a socket from the service manager. Throws ConfigError if the system refuses HOST or PORT. */
async function listen(app: FastifyInstance, fd: number | undefined): Promise<void> {
  const { config } = app;
  const workers = config.WEB_CONCURRENCY > 1 ? `, ${config.WEB_CONCURRENCY} workers` : '';
  const isPretty = config.LOG_FORMAT === 'pretty';
  const docs = (address: string): string =>
    config.DOCS_ENABLED && !isPretty ? `, documentation at ${address}${config.BASE_PATH}/docs` : '';
  const listenTextResolver = (address: string): string =>
    `${SERVICE_NAME} ${VERSION} listens on ${address}, engine ${app.keys.engineName}${workers}${docs(address)}`;
  const where = fd === undefined ? { host: hostOf(config), port: config.PORT } : { fd };
  try {
    const address = await app.listen({ ...where, listenTextResolver });
    const warning = fd === undefined ? openAddressWarning(config) : undefined;
    if (warning !== undefined) app.log.warn(warning);
    if (isPretty) for (const line of firstSteps(config, address)) app.log.info(line);
  } catch (error) {
    throw addressFault(error, 'PORT') ?? error;
  }
}

/** For `localhost` Fastify would open a second server, and the plugins configure `app.server` only. */
const hostOf = ({ HOST }: Config): string => (HOST === 'localhost' ? '127.0.0.1' : HOST);

/** Runs `task` without its log lines below `fatal`: another worker has logged the same ones. */
async function withLogMuted(app: FastifyInstance, task: () => Promise<void>): Promise<void> {
  const { level } = app.log;
  if (level !== 'silent') app.log.level = 'fatal';
  await task();
  app.log.level = level;
}

function reasonOf(error: unknown, { HOST, PORT }: Config): string {
  if (systemCode(error) === 'EADDRINUSE') return `port ${PORT} on ${HOST} is in use; set PORT to another one`;
  return error instanceof Error ? error.message : String(error);
}
