/** Two protocols on one port: the TLS handshake selects the protocol of each connection (ALPN, RFC 7301). */

import type { EventEmitter } from 'node:events';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** In order of preference. A client that sends no ALPN extension gets HTTP/1.1. */
export const PROTOCOLS = ['h2', 'http/1.1', 'http/1.0'];

/**
 * Passes the connections of `https` that selected h2 to `http2`, and calls `opened` for each. All others stay with `https`.
 *
 * Depends on this: what makes a `node:https` server serve HTTP/1.1 are its own listeners for `secureConnection`.
 */
export function routeByAlpn(
  https: EventEmitter,
  http2: Http2Server,
  opened: (session: ServerHttp2Session, socket: TLSSocket) => void,
): void {
  const http1Listeners = https.listeners('secureConnection');
  https.removeAllListeners('secureConnection');
  https.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') {
      for (const listener of http1Listeners) Reflect.apply(listener, https, [socket]);
      return;
    }
    http2.once('session', (session) => opened(session, socket));
    http2.emit('connection', socket);
  });
}
