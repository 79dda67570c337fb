/** Limits the requests of one HTTP/2 connection: some are served, others wait, and the rest are refused. */

import { constants, type ServerHttp2Stream } from 'node:http2';

export interface TurnLimits {
  /**
   * Requests of one connection that are served at a time. With all 100 streams served, 25 connections that read nothing took
   * 250 MB, and 4 seconds of the event loop when they were closed. 16 are more than a browser requests at once, and more
   * than the engine computes at a time.
   */
  readonly served: number;
  /** Requests of all connections that are served or wait. Each connection has an equal share. A stream takes 24 kB. */
  readonly all: number;
}

export const TURN_LIMITS: TurnLimits = Object.freeze({ served: 16, all: 5000 });

/** The requests of one connection. */
export interface Turns {
  /** Calls `serve` when it is the turn of the request, unless its stream has closed. */
  enter(stream: ServerHttp2Stream, serve: () => void): void;
  /** Refuses all waiting requests. */
  refuse(): void;
}

/** `connections` returns the number of open connections. */
export function createTurns(connections: () => number, limits = TURN_LIMITS): Turns {
  let served = 0;
  /** In order of arrival, without streams that have been reset. */
  const waiting = new Map<ServerHttp2Stream, () => void>();
  const share = (): number => Math.max(1, Math.floor(limits.all / Math.max(1, connections())));

  function serveNext(): void {
    for (const [stream, serve] of waiting) {
      if (served >= Math.min(limits.served, share())) return;
      waiting.delete(stream);
      served += 1;
      // When a connection breaks, all its streams are destroyed before the first of them emits an event.
      if (!stream.destroyed) serve();
    }
  }

  return {
    enter(stream, serve) {
      if (served + waiting.size >= share()) {
        refuseStream(stream);
        return;
      }
      waiting.set(stream, serve);
      stream.once('close', () => {
        // A request that still waits was never served.
        if (!waiting.delete(stream)) served -= 1;
        serveNext();
      });
      serveNext();
    },
    refuse() {
      for (const stream of waiting.keys()) refuseStream(stream);
    },
  };
}

/** RFC 9113 §8.7: the client may send the request again, since it was not processed. */
const refuseStream = (stream: ServerHttp2Stream): void => stream.close(constants.NGHTTP2_REFUSED_STREAM);
