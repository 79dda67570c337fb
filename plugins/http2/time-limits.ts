/** How long a client may keep a connection of HTTP/2, and each request on it: Node.js sets no limit to either. */

import { constants, type ServerHttp2Stream } from 'node:http2';
import { REQUEST_TIMEOUT } from '../errors/connection-errors.ts';
import { ProblemError } from '../errors/problem.ts';
import { terminate, type Connection, type Http2Exchange } from './connection.ts';

/** In milliseconds. */
export interface TimeLimits {
  /** From the begin of a connection to its first request, and from the begin of a header to its end. */
  readonly header: number;
  /** From the end of a header to that of the body. */
  readonly body: number;
  /** From the begin of a reply until the client has taken all of it. Who takes too long gets no other reply here. */
  readonly reply: number;
  /** Between two requests, whatever else comes. */
  readonly idle: number;
  /** From the end of a stream or a session, as it is seen here, until the client has taken that in. */
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
 * PING frames on a connection that has nothing else to do. Clients that look whether a connection still works send one in 10 seconds
 * or fewer.
 */
const MAX_PINGS = 5;

/** Ends what has taken too long. To be called again and again. */
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
    // Whoever reads nothing at all is told nothing either.
    const { closedSince = now } = exchange;
    if (now - closedSince > limits.farewell) terminate(connection);
  }
}

const hasEnded = ({ session, exchanges }: Connection): boolean =>
  session.destroyed || (session.closed && exchanges.size === 0);

/** Before the end of a header nghttp2 tells of it the identifier of its stream alone. */
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
  // RFC 9113 §8.1: whoever has the whole reply need not send the rest of the request.
  if (localClose === 1) stream.close(constants.NGHTTP2_NO_ERROR);
  else if (remoteClose === 0 && now - begun > limits.body) endRequest(stream, exchange);
  else if (repliedSince !== undefined && now - repliedSince > limits.reply) {
    stream.close(constants.NGHTTP2_CANCEL);
  }
}

/** Whoever reads the body answers 408; where nobody does, the stream ends without an answer. */
function endRequest(stream: ServerHttp2Stream, { request }: Http2Exchange): void {
  if (request !== undefined && request.listenerCount('error') > 0) {
    request.emit('error', new ProblemError(REQUEST_TIMEOUT));
  } else stream.close(constants.NGHTTP2_CANCEL);
}
