/** The service with all its plugins and a domain that does nothing, for tests of the plugins. */

import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { buildApp } from '../../service/app.ts';
import { createIssuer, issuanceContext } from '../../src/ca/issuer.ts';
import { configFrom, type Environment } from '../../src/config/load.ts';
import type { Domain } from '../../src/domain.ts';
import type { Keys } from '../../src/keys/key.ts';
import { openRaw, type RawConnection } from './raw-connection.ts';

export interface Edge {
  readonly app: FastifyInstance;
  /** The log, one line of JSON an entry. */
  readonly log: readonly Record<string, unknown>[];
}

const notCalled = async (): Promise<never> => {
  throw new Error('the domain is not called here');
};

const IDLE_KEYS: Keys = {
  engineName: 'none',
  generate: notCalled,
  generatePair: notCalled,
  importPrivateKey: notCalled,
  importPair: notCalled,
  verify: notCalled,
  close: async () => {},
};

export const IDLE: Domain = {
  keys: IDLE_KEYS,
  context: issuanceContext({ keys: IDLE_KEYS }),
  issuer: createIssuer({ keys: IDLE_KEYS }),
  inspector: { certificate: notCalled, request: notCalled },
  queue: { depth: 0, slowLoad: 0 },
  engineFaults: [],
  close: async () => {},
};

const UNLIMITED: Environment = {
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
  RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '0',
};

/**
 * Starts without rate limits, unless the environment sets them. `addRoutes` adds routes of the test, and `domain`
 * replaces parts of the idle domain.
 */
export async function buildEdge(
  t: Test,
  environment: Environment = {},
  addRoutes: (app: FastifyInstance) => void = () => {},
  domain: Partial<Domain> = {},
): Promise<Edge> {
  const log: Record<string, unknown>[] = [];
  const app = await buildApp({
    domain: { ...IDLE, ...domain },
    config: configFrom(UNLIMITED, environment),
    log: { write: (line) => log.push(JSON.parse(line)) },
  });
  app.acceptJson();
  addRoutes(app);
  t.teardown(() => app.close());
  await app.ready();
  return { app, log };
}

/** Listens. Returns a function that connects. */
export async function listenRaw(app: FastifyInstance): Promise<() => RawConnection> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return () => openRaw(port);
}

/** Listens. Returns a function that sends one message on a new connection. */
export async function rawClient(app: FastifyInstance): Promise<(message: string) => Promise<string>> {
  const open = await listenRaw(app);
  return (message) => {
    const connection = open();
    connection.send(message);
    return connection.reply;
  };
}
