/** The HTTP/2 server behind the https server: it has no port of its own. */

import type { EventEmitter } from 'node:events';
import { createServer, type Http2Server, type Http2ServerRequest, type Http2Session } from 'node:http2';
import { openConnection, type Connection } from './connection.ts';
import { routeByAlpn } from '../node-internals/alpn.ts';
import { enforceOverhead } from './overhead.ts';
import { SESSION_LIMITS } from './session-limits.ts';
import { enforceTimeLimits, TIME_LIMITS, type TimeLimits } from './time-limits.ts';
import { createTurns } from './turns.ts';

export interface Http2Options {
  /** Largest body of a request, in octets. */
  readonly bodyLimit: number;
  readonly timeLimits?: TimeLimits;
}

export interface Http2 {
  /** Emits `request`, `connect` and `checkExpectation`, like an HTTP/1.1 server. */
  readonly server: Http2Server;
  /** Calls `serve` when it is the turn of the request. */
  inTurn(request: Http2ServerRequest, serve: () => void): void;
  /** Ends each connection once its current requests have ended. */
  leave(): void;
}

/** How often connections are checked, in milliseconds: as often as those of HTTP/1.1 (service/http-server.ts). */
const LOOK_EVERY = 1000;

/** Serves the connections of `https` that select h2. */
export function serveHttp2(
  https: EventEmitter,
  { bodyLimit, timeLimits = TIME_LIMITS }: Http2Options,
): Http2 {
  const server = createServer(SESSION_LIMITS);
  const connections = new Map<Http2Session | undefined, Connection>();
  routeByAlpn(https, server, (session, socket) => {
    const turns = createTurns(() => connections.size);
    connections.set(session, openConnection(session, socket, { turns, patience: timeLimits.reply / 2 }));
    socket.once('close', () => connections.delete(session));
  });
  server.on('request', (request) => {
    const exchange = connections.get(request.stream.session)?.exchanges.get(request.stream);
    if (exchange !== undefined) exchange.request = request;
  });
  const look = (): void => {
    const now = performance.now();
    for (const connection of connections.values()) {
      enforceTimeLimits(connection, now, timeLimits);
      enforceOverhead(connection, bodyLimit);
    }
  };
  const timer = setInterval(look, LOOK_EVERY).unref();
  https.once('close', () => clearInterval(timer));
  return {
    server,
    inTurn({ stream }, serve) {
      connections.get(stream.session)?.turns.enter(stream, serve);
    },
    leave: () => {
      for (const { session } of connections.values()) session.close();
    },
  };
}
