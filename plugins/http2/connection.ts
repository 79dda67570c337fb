/** An HTTP/2 connection and its current requests. Times are in milliseconds of a monotonic clock. */

import {
  constants,
  type Http2ServerRequest,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { Turns } from './turns.ts';

export interface Connection {
  readonly session: ServerHttp2Session;
  readonly socket: TLSSocket;
  readonly turns: Turns;
  /** By stream. */
  readonly exchanges: Map<ServerHttp2Stream, Http2Exchange>;
  /** The number of requests that have started, and the stream of the last one. */
  requests: number;
  lastStream: number;
  /** The time since which there is no request, and the number of PING frames since the last request started. */
  idleSince: number;
  pings: number;
  /** The time since which a header is incomplete, and the time since which the service sends nothing more. */
  headerSince?: number | undefined;
  endedSince?: number | undefined;
}

/** A request, from the end of its header, and its reply. */
export interface Http2Exchange {
  readonly begun: number;
  repliedSince?: number;
  /** The time at which the service gave it up; its stream ends once the client knows. */
  closedSince?: number;
  /** Undefined for a request that reaches no route. */
  request?: Http2ServerRequest;
}

export interface ConnectionOptions {
  readonly turns: Turns;
  /** How long a reply that the client does not read may wait before the connection is closed. */
  readonly patience: number;
  readonly now?: () => number;
}

/** `now` returns milliseconds of a monotonic clock. */
export function openConnection(
  session: ServerHttp2Session,
  socket: TLSSocket,
  { turns, patience, now = () => performance.now() }: ConnectionOptions,
): Connection {
  const exchanges: Connection['exchanges'] = new Map();
  const connection: Connection = {
    session,
    socket,
    turns,
    exchanges,
    requests: 0,
    lastStream: 0,
    idleSince: now(),
    pings: 0,
  };
  session.on('ping', () => (connection.pings += 1));
  // Before the listeners that turn the stream into a request.
  session.prependListener('stream', (stream) => {
    connection.requests++;
    connection.lastStream = stream.id ?? 0;
    connection.pings = 0;
    const exchange: Http2Exchange = { begun: now() };
    exchanges.set(stream, exchange);
    stream.once('close', () => {
      exchanges.delete(stream);
      connection.idleSince = now();
      const { repliedSince = connection.idleSince } = exchange;
      const isGivenUp = !stream.writableFinished && connection.idleSince - repliedSince > patience;
      if (isGivenUp) giveUp(connection);
    });
  });
  return connection;
}

/** Current requests continue; new ones are refused. */
function giveUp({ session, turns }: Connection): void {
  session.close();
  turns.refuse();
}

/** Ends a connection at once, and says why (RFC 9113 §7). */
export const terminate = ({ session }: Connection): void =>
  session.destroy(new Error('the client asks too much'), constants.NGHTTP2_ENHANCE_YOUR_CALM);
