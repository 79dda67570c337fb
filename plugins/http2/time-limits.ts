/** Time limits of an HTTP/2 connection and its requests. Node.js has none. */

import { constants, type ServerHttp2Stream } from 'node:http2';
import { REQUEST_TIMEOUT } from '../errors/connection-errors.ts';
import { ProblemError } from '../errors/problem.ts';
import { terminate, type Connection, type Http2Exchange } from './connection.ts';

/** In milliseconds. */
export interface TimeLimits {
  /** From the start of a connection to its first request, and from the start of a header to its end. */
  readonly header: number;
  /** From the end of a header to that of the body. */
  readonly body: number;
  /** From the start of a reply until the client has read all of it. A client that is too slow gets no other reply. */
  readonly reply: number;
  /** Between two requests, whatever other frames arrive. */
  readonly idle: number;
  /** From the end of a stream or a session until the client has acknowledged it. */
  readonly farewell: number;
}

/**
 * The first two and the fourth are those of HTTP/1.1 too (service/http-server.ts). The third and the last end before the
 * service is killed (service/shutdown.ts).
 */
export const TIME_LIMITS: TimeLimits = Object.freeze({
  header: 5000,
  body: 15_000,
  reply: 25_000,
  idle: 65_000,
  farewell: 5000,
});

/**
 * PING frames on an idle connection. Clients that check whether a connection still works send one every 10 seconds or less
 * often.
 */
const MAX_PINGS = 5;

/** Ends whatever has reached its limit. Called at regular intervals. */
export function enforceTimeLimits(connection: Connection, now: number, limits: TimeLimits): void {
  const { session, socket, exchanges } = connection;
  if (hasEnded(connection)) {
    connection.endedSince ??= now;
    if (now - connection.endedSince > limits.farewell) socket.destroy();
    return;
  }
  const { headerSince } = lookForHeader(connection, now);
  if (headerSince !== undefined && now - headerSince > limits.header) {
    terminate(connection);
    return;
  }
  const patience = connection.requests === 0 ? limits.header : limits.idle;
  const isIdle = exchanges.size === 0 && headerSince === undefined;
  if (isIdle && (now - connection.idleSince > patience || connection.pings > MAX_PINGS)) session.close();
  for (const [stream, exchange] of exchanges) {
    holdExchange(stream, exchange, now, limits);
    // A client that reads nothing cannot be informed either.
    const { closedSince = now } = exchange;
    if (now - closedSince > limits.farewell) terminate(connection);
  }
}

const hasEnded = ({ session, exchanges }: Connection): boolean =>
  session.destroyed || (session.closed && exchanges.size === 0);

/** Before the end of a header, nghttp2 reports only the identifier of its stream. */
function lookForHeader(connection: Connection, now: number): Connection {
  const { session, lastStream } = connection;
  const isAwaited = (session.state.lastProcStreamID ?? 0) > lastStream;
  connection.headerSince = isAwaited ? (connection.headerSince ?? now) : undefined;
  return connection;
}

function holdExchange(
  stream: ServerHttp2Stream,
  exchange: Http2Exchange,
  now: number,
  limits: TimeLimits,
): void {
  if (stream.closed) {
    exchange.closedSince ??= now;
    return;
  }
  const { remoteClose, localClose } = stream.state;
  if (stream.headersSent) exchange.repliedSince ??= now;
  const { begun, repliedSince } = exchange;
  // RFC 9113 §8.1: a client that has the whole reply need not send the rest of the request.
  if (localClose === 1) stream.close(constants.NGHTTP2_NO_ERROR);
  else if (remoteClose === 0 && now - begun > limits.body) endRequest(stream, exchange);
  else if (repliedSince !== undefined && now - repliedSince > limits.reply) {
    stream.close(constants.NGHTTP2_CANCEL);
  }
}

/** The reader of the body sends 408. Without a reader the stream ends without a reply. */
function endRequest(stream: ServerHttp2Stream, { request }: Http2Exchange): void {
  if (request !== undefined && request.listenerCount('error') > 0) {
    request.emit('error', new ProblemError(REQUEST_TIMEOUT));
  } else stream.close(constants.NGHTTP2_CANCEL);
}
