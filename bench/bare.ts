/**
 * A bare Fastify, without any plugin, that reads the same request and sends as many octets. `node bench/bare.ts` takes a
 * {@link BareOrder} as JSON on standard input, and prints a {@link BareFigure}.
 */

import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fastify } from 'fastify';
import { runScript } from './child.ts';
import type { LoadFigure, LoadOrder } from './load.ts';

export interface BareOrder extends Omit<LoadOrder, 'port'> {
  /** Of the reply, in octets. */
  readonly length: number;
}

export interface BareFigure {
  /** Processor time per request, in milliseconds. */
  readonly processor: number;
}

async function measure({ length, ...load }: BareOrder): Promise<BareFigure> {
  const app = fastify();
  const body = Buffer.alloc(length, 'a');
  app.post('/*', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const run = (milliseconds: number): Promise<LoadFigure> =>
    runScript<LoadFigure>('load.ts', { input: { ...load, port, milliseconds } });
  await run(load.milliseconds / 2);
  const cpu = process.cpuUsage();
  const { answers } = await run(load.milliseconds / 2);
  const { user, system } = process.cpuUsage(cpu);
  await app.close();
  return { processor: (user + system) / 1000 / answers };
}

console.log(JSON.stringify(await measure((await json(process.stdin)) as BareOrder)));
