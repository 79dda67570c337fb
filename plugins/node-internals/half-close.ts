import type { Server } from 'node:http';
import type { TLSSocket } from 'node:tls';

/**
 * Lets a client end its side of a connection when it has sent its last request, and read the replies after that. Otherwise
 * Node's HTTP server closes the connection at once, and such a client (`nc -N`, some probes) gets no reply.
 *
 * Depends on `httpAllowHalfOpen`, which Node.js has since version 8 and does not document. TLS connections are changed after
 * their handshake: with the option `allowHalfOpen` of an https server, those that end before it would stay open.
 */
export function allowHalfClose(server: Server): void {
  Reflect.set(server, 'httpAllowHalfOpen', true);
  server.prependListener('secureConnection', (socket: TLSSocket) => {
    socket.allowHalfOpen = true;
  });
}
