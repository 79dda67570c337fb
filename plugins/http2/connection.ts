/** A connection of HTTP/2 and what is under way on it. Times are in milliseconds, of a clock that never goes back. */

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
  /** By the stream that carries it. */
  readonly exchanges: Map<ServerHttp2Stream, Http2Exchange>;
  /** How many requests have begun, and the stream of the last one. */
  requests: number;
  lastStream: number;
  /** Since when no request has been under way, and how many PING frames have come since the last one began. */
  idleSince: number;
  pings: number;
  /** Since when a header has been on its way, and since when nothing more is to come from here. */
  headerSince?: number | undefined;
  endedSince?: number | undefined;
}

/** A request, from the end of its header, and its reply. */
export interface Http2Exchange {
  readonly begun: number;
  repliedSince?: number;
  /** Since when it is given up here: its stream ends once the client has been told. */
  closedSince?: number;
  /** Undefined for one that no route ever sees. */
  request?: Http2ServerRequest;
}

export interface ConnectionOptions {
  readonly turns: Turns;
  /** How long a reply that the client never takes in full may wait before the connection is given up with it. */
  readonly patience: number;
  readonly now?: () => number;
}

/** `now`, in milliseconds, never goes back. */
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
  // Before the listeners that make a request of it.
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

/** Requests that are served go on, and no others are. */
function giveUp({ session, turns }: Connection): void {
  session.close();
  turns.refuse();
}

/** Ends a connection at once, and says why (RFC 9113 §7). */
export const terminate = ({ session }: Connection): void =>
  session.destroy(new Error('the client asks too much'), constants.NGHTTP2_ENHANCE_YOUR_CALM);
