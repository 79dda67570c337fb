/** The process: what is read first, what must hold before the port opens, and how it leaves. */

import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import { createCryptography } from './algorithms/cryptography.ts';
import { buildApp } from './app.ts';
import { createIssuer } from './ca/issuance.ts';
import { loadConfigOrExit } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { createKeys } from './keys/keys.ts';
import { SERVICE_NAME, VERSION } from './version.ts';
import { createInspector } from './x509/inspector.ts';

/** How long requests that are under way may take to end after a signal, in milliseconds. */
const GRACE = 30_000;

export async function start(): Promise<void> {
  forgetProto();
  const config = loadConfigOrExit();
  try {
    const app = await createApp(config);
    closeOnSignals(app);
    await listen(app, config);
  } catch (error) {
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
  const cryptography = await createCryptography({ engine: config.CRYPTO_ENGINE });
  const keys = createKeys(cryptography);
  return buildApp({ config, keys, issuer: createIssuer({ keys }), inspector: createInspector(keys) });
}

async function listen(app: FastifyInstance, config: Config): Promise<void> {
  const docs = (address: string): string =>
    config.DOCS_ENABLED ? `, documentation at ${address}${config.BASE_PATH}/docs` : '';
  await app.listen({
    host: config.HOST,
    port: config.PORT,
    listenTextResolver: (address) =>
      `${SERVICE_NAME} ${VERSION} listens on ${address}, engine ${app.keys.engineName}${docs(address)}`,
  });
}

/** An error that nobody caught leaves the process in a state that nobody knows: it drains and ends with exit code 1. */
function closeOnSignals(app: FastifyInstance): void {
  closeWithGrace({ delay: GRACE, logger: app.log, skip: ['beforeExit'] }, async ({ signal, err }) => {
    if (err) app.log.fatal({ err }, 'uncaught error: the service stops');
    else app.log.info(`${String(signal)} received: the service stops`);
    await app.close();
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
