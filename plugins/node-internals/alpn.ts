/** One port for two protocols: the TLS handshake settles which of them a connection speaks (ALPN, RFC 7301). */

import type { EventEmitter } from 'node:events';
import type { Http2Server, ServerHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';

/** What is spoken, the first choice first. To a client that says nothing HTTP/1.1 is. */
export const PROTOCOLS = ['h2', 'http/1.1', 'http/1.0'];

/** Has `http2` serve the connections of `https` that settled on h2, and tells of each. The others stay with `https`. */
export function routeByAlpn(
  https: EventEmitter,
  http2: Http2Server,
  opened: (session: ServerHttp2Session, socket: TLSSocket) => void,
): void {
  const others = https.listeners('secureConnection');
  https.removeAllListeners('secureConnection');
  https.on('secureConnection', (socket: TLSSocket) => {
    if (socket.alpnProtocol !== 'h2') {
      for (const listener of others) Reflect.apply(listener, https, [socket]);
      return;
    }
    http2.once('session', (session) => opened(session, socket));
    http2.emit('connection', socket);
  });
}
