/** How many requests of one HTTP/2 connection are under way. Some are served, others wait, and too many are refused. */

import { constants, type Http2ServerRequest, type Http2Session } from 'node:http2';

export interface TurnLimits {
  /**
   * Served at a time, of one connection. With all 100 streams served, 25 connections that read nothing took 250 MB, and 4 seconds of
   * the event loop when they were cut. 16 are more than a browser asks for at once, and more than the engine computes at a time.
   */
  readonly served: number;
  /** Served or waiting, of all connections together. Each may have an equal part. A stream takes 24 kB. */
  readonly all: number;
}

export const TURN_LIMITS: TurnLimits = Object.freeze({ served: 16, all: 5000 });

interface Line {
  served: number;
  /** In the order of arrival, without streams that were reset meanwhile. */
  readonly waiting: Map<Http2ServerRequest, () => void>;
}

/**
 * Returns a function that calls `serve` when it is the turn of the request, unless its stream has closed before. `sessions` is how
 * many connections there are.
 */
export function createTurns(
  sessions: () => number,
  limits = TURN_LIMITS,
): (request: Http2ServerRequest, serve: () => void) => void {
  const lines = new WeakMap<Http2Session, Line>();
  const share = (): number => Math.max(1, Math.floor(limits.all / sessions()));

  function serveNext(line: Line): void {
    for (const [request, serve] of line.waiting) {
      if (line.served >= Math.min(limits.served, share())) return;
      line.waiting.delete(request);
      line.served += 1;
      serve();
    }
  }

  return (request, serve) => {
    const { stream } = request;
    // Undefined where the connection has gone already.
    if (stream.session === undefined) return;
    const line = lines.get(stream.session) ?? { served: 0, waiting: new Map() };
    lines.set(stream.session, line);
    if (line.served + line.waiting.size >= share()) {
      // RFC 9113 §8.7: the client may send it again, since it was not processed.
      stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    line.waiting.set(request, serve);
    stream.once('close', () => {
      // A request that still waits was never served.
      if (!line.waiting.delete(request)) line.served -= 1;
      serveNext(line);
    });
    serveNext(line);
  };
}
