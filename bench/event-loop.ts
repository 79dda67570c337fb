/**
 * Measures the time of the event loop for a request, with all plugins and an engine that computes nothing, and for a bare
 * Fastify with a reply of the same length. `node bench/event-loop.ts SECONDS` prints an {@link EventLoopFigure}.
 */

import type { AddressInfo } from 'node:net';
import { fastify, type FastifyInstance } from 'fastify';
import { createMetrics } from '../plugins/metrics/metrics.ts';
import { createCryptography } from '../src/algorithms/cryptography.ts';
import type { Engine } from '../src/algorithms/ml-dsa/engine.ts';
import { observeEngine } from '../src/algorithms/ml-dsa/observed-engine.ts';
import { buildApp } from '../service/app.ts';
import { configFrom } from '../src/config/load.ts';
import { composeDomain } from '../src/domain.ts';
import { runScript } from './child.ts';
import type { LoadFigure } from './load.ts';
import { NAMED } from './scenarios.ts';
import { ENVIRONMENT, requestOf } from './service.ts';

/** Processor time of the event loop thread per request, in microseconds, including Node.js itself. */
export interface EventLoopFigure {
  readonly service: number;
  readonly bare: number;
}

const LEVEL = 'ml-dsa-65';
const CONNECTIONS = 16;
const PATH = '/certificate/generate';

/** An engine that always returns the results that `engine` has computed once. */
async function engineThatComputesNothing(engine: Engine): Promise<Engine> {
  const key = await engine.generateKey(LEVEL);
  const signature = await engine.sign(key, new Uint8Array(1));
  return {
    ...engine,
    generateKey: async () => ({ ...key, exportSeed: () => new Uint8Array(32), destroy() {} }),
    sign: async () => signature,
    signVerified: async () => signature,
    verify: async () => true,
    close: () => engine.close(),
  };
}

/** The service with a log that discards its lines. */
async function serviceAlone(): Promise<FastifyInstance> {
  const cryptography = await createCryptography({ engine: 'node' });
  const metrics = createMetrics();
  const idle = await engineThatComputesNothing(cryptography.engine);
  return buildApp({
    config: configFrom(ENVIRONMENT),
    domain: composeDomain({ ...cryptography, engine: observeEngine(idle, metrics.observeEngine).engine }),
    metrics,
    log: { write() {} },
  });
}

function bareFastify(length: number): FastifyInstance {
  const app = fastify();
  const body = Buffer.alloc(length, 'a');
  app.post(`/api/v1${PATH}`, (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
  return app;
}

async function microsecondsARequest(app: FastifyInstance, milliseconds: number): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const input = { port, connections: CONNECTIONS, milliseconds, request: REQUEST };
  await runScript<LoadFigure>('load.ts', { input });
  const before = process.threadCpuUsage();
  const { answers, refusals } = await runScript<LoadFigure>('load.ts', { input });
  const { user, system } = process.threadCpuUsage(before);
  if (refusals > 0) throw new Error(`${refusals} of ${answers} requests were rejected`);
  return (user + system) / answers;
}

const REQUEST = requestOf(PATH, { ...NAMED, security_level: LEVEL });
const ANSWER_LENGTH = 12_000;
const milliseconds = Number(process.argv[2] ?? 10) * 1000;

const apps = { service: await serviceAlone(), bare: bareFastify(ANSWER_LENGTH) };
const figure: EventLoopFigure = {
  service: await microsecondsARequest(apps.service, milliseconds),
  bare: await microsecondsARequest(apps.bare, milliseconds),
};
console.log(JSON.stringify(figure));
await Promise.all(Object.values(apps).map((app) => app.close()));
