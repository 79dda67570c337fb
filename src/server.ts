/** The process: what is read first, what must hold before the port opens, and how it leaves. */

import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { openLog } from '../plugins/log.ts';
import { createMetrics } from '../plugins/metrics/metrics.ts';
import { createCryptography } from './algorithms/cryptography.ts';
import { buildApp } from './app.ts';
import { createIssuer } from './ca/issuance.ts';
import { ConfigError } from './config/error.ts';
import { exitFor, loadConfigOrExit } from './config/load.ts';
import { passedSocket } from './config/passed-socket.ts';
import type { Config } from './config/schema.ts';
import { createKeys } from './keys/keys.ts';
import { SERVICE_NAME, VERSION } from './version.ts';
import { createInspector } from './x509/inspector.ts';

/**
 * How long what is under way may take to end, in milliseconds, before it is cut: longer than any handler may take
 * (`handlerTimeout` in app.ts), so that only a client that does not read its reply is cut without one.
 */
const GRACE = 32_000;

export async function start(): Promise<void> {
  forgetProto();
  // A reader of the log that is gone costs its lines, not the service.
  process.stdout.on('error', () => {});
  const config = loadConfigOrExit();
  try {
    const app = await createApp(config);
    closeOnSignals(app);
    if (app.isReloadable()) process.on('SIGHUP', () => void app.reload());
    await listen(app, config);
  } catch (error) {
    if (error instanceof ConfigError) exitFor(error);
    process.stderr.write(`${SERVICE_NAME} does not start: ${reasonOf(error, config)}\n`);
    process.exit(1);
  }
}

/** What `--disable-proto=delete` does, however the process was started. */
function forgetProto(): void {
  Reflect.deleteProperty(Object.prototype, '__proto__');
}

/** The application with its domain. Throws PkiError unless the engine passes its self-test. */
export async function createApp(config: Config): Promise<FastifyInstance> {
  const metrics = createMetrics();
  const log = await openLog(config, metrics);
  const cryptography = await createCryptography({
    engine: config.CRYPTO_ENGINE,
    observe: metrics.observeEngine,
  });
  const keys = createKeys(cryptography);
  return buildApp({
    config,
    keys,
    issuer: createIssuer({ keys }),
    inspector: createInspector(keys),
    metrics,
    ...(log && { log }),
  });
}

async function listen(app: FastifyInstance, config: Config): Promise<void> {
  const docs = (address: string): string =>
    config.DOCS_ENABLED ? `, documentation at ${address}${config.BASE_PATH}/docs` : '';
  const fd = passedSocket(process.env, process.pid);
  await app.listen({
    ...(fd === undefined ? { host: config.HOST, port: config.PORT } : { fd }),
    listenTextResolver: (address) =>
      `${SERVICE_NAME} ${VERSION} listens on ${address}, engine ${app.keys.engineName}${docs(address)}`,
  });
}

/** An error that nobody caught leaves the process in a state that nobody knows: it drains and ends with exit code 1. */
function closeOnSignals(app: FastifyInstance): void {
  const delay = app.config.SHUTDOWN_DELAY * 1000 + GRACE;
  const skip: ('beforeExit' | 'SIGHUP')[] = app.isReloadable() ? ['beforeExit', 'SIGHUP'] : ['beforeExit'];
  closeWithGrace({ delay, logger: app.log, skip }, async ({ signal, err }) => {
    if (err) {
      app.log.fatal({ err }, 'uncaught error: the service stops');
      await app.close();
    } else {
      app.log.info(`${String(signal)} received: the service stops`);
      await app.leave();
    }
  });
}

function reasonOf(error: unknown, { HOST, PORT }: Config): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'EADDRINUSE':
      return `port ${PORT} of ${HOST} is in use; set PORT to another one`;
    case 'EACCES':
      return `port ${PORT} may not be opened by this user; set PORT to 1024 or more`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${HOST} is not an address of this machine; set HOST to one`;
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
