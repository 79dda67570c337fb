/**
 * The whole service for tests, with real cryptography. It has no rate limits, no log and no documentation, unless a test
 * sets them.
 */

import { hash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import type { Test } from 'tap';
import { configFrom, type Environment } from '../../src/config/load.ts';
import type { openAuthorities } from '../../service/authorities.ts';
import { createApp } from '../../service/server.ts';

const QUIET: Environment = {
  NODE_ENV: 'test',
  DOCS_ENABLED: 'false',
  LOG_LEVEL: 'silent',
  RATE_LIMIT_PER_HOUR: '0',
  RATE_LIMIT_GENERATE_PER_MINUTE: '0',
  RATE_LIMIT_FAILED_AUTH_PER_MINUTE: '0',
};

/** The application, for requests with `inject`. It closes when `t` ends. */
export async function startApp(
  t: Test,
  environment: Environment = {},
  open?: typeof openAuthorities,
): Promise<FastifyInstance> {
  const app = await createApp(configFrom(QUIET, environment), undefined, open);
  t.teardown(() => app.close());
  await app.ready();
  return app;
}

export interface Service {
  /** Without a slash at its end. */
  readonly url: string;
  readonly port: number;
}

/** The same on a free port. */
export async function startService(t: Test, environment: Environment = {}): Promise<Service> {
  const app = await startApp(t, environment);
  await app.listen({ host: app.config.HOST, port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}${app.config.BASE_PATH}`, port };
}

/** Posts JSON. `answer` is the parsed reply, `body` is its text. */
export const poster = (app: FastifyInstance) => async (url: string, payload: object) => {
  const reply: LightMyRequestResponse = await app.inject({ method: 'POST', url, payload });
  const { statusCode, headers, body } = reply;
  return { statusCode, headers, body, answer: reply.json() };
};

/** Returns the PEM text of a member of a reply. */
export const pemOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** Capital hexadecimal with colons. */
export const fingerprintOf = (digest: 'sha1' | 'sha256', octets: Uint8Array): string =>
  hash(digest, octets, 'hex')
    .toUpperCase()
    .replace(/..(?=.)/g, '$&:');
