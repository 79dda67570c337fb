/** A service with routes whose replies wait for a gate, and its connections. */

import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { Test } from 'tap';
import { buildEdge } from './edge.ts';
import { openRaw, type RawConnection } from './raw-connection.ts';

export const GET = (path: string, more = ''): string => `GET ${path} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;
export const CLOSE = 'Connection: close\r\n';
export const POST = 'POST /echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

/** What a service with a gate has seen. */
interface Gated {
  readonly app: FastifyInstance;
  /** The numbers of requests that handlers have begun, and how many were under way at once. */
  readonly begun: string[];
  readonly most: () => number;
  /** Lets the handlers that wait, and those after them, return. */
  readonly open: () => void;
  readonly connect: () => Promise<{ readonly client: RawConnection; readonly socket: Socket }>;
}

/** A service whose route `/gated/N` returns N once the gate is open. */
export async function gated(t: Test): Promise<Gated> {
  const { promise: opened, resolve: open } = Promise.withResolvers<void>();
  const begun: string[] = [];
  let current = 0;
  let most = 0;
  const { app } = await buildEdge(t, {}, (app) => {
    app.get<{ Params: { n: string } }>('/gated/:n', async ({ params }) => {
      begun.push(params.n);
      current += 1;
      most = Math.max(most, current);
      await opened;
      current -= 1;
      return `reply ${params.n}`;
    });
    app.post<{ Body: { n: number } }>('/echo', async ({ body }) => `reply ${body.n}`);
    app.get('/last', (_request, reply) => reply.header('Connection', 'close').send('the last'));
  });
  t.teardown(open);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return {
    app,
    begun,
    most: () => most,
    open,
    async connect() {
      const accepted = once(app.server, 'connection');
      const client = openRaw(port, { lenient: true });
      t.teardown(() => client.close());
      const [socket] = (await accepted) as [Socket];
      return { client, socket };
    },
  };
}

export const bodies = (replies: string): readonly string[] => replies.match(/reply \d+/g) ?? [];
export const numbers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => String(i));
export const replies = (count: number): readonly string[] => numbers(count).map((n) => `reply ${n}`);
