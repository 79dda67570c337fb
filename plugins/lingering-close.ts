/**
 * Closes a connection whose last reply was sent before the body of its request had arrived. The reply is sent, and the rest
 * of the body is read and discarded until the client closes too (RFC 9112 §9.6). If the service closed the connection at
 * once, it would be reset, and a client that still sends would lose the reply; a proxy would send 502.
 */

import type { Socket } from 'node:net';
import fp from 'fastify-plugin';
import { onEarlyClose } from './node-internals/connection-close.ts';

/** After this time the connection of a client that still sends is closed. */
const LIMIT_MS = 2000;

export const lingeringClose = fp(
  async (app) => {
    const opened = 'setSecureContext' in app.server ? 'secureConnection' : 'connection';
    app.server.on(opened, (socket: Socket) => onEarlyClose(socket, linger));
  },
  { name: 'lingering' },
);

function linger(socket: Socket): void {
  // The rest of the data is not a request.
  socket.removeAllListeners('data');
  socket.on('data', (octets: Buffer) => octets.fill(0));
  socket.once('end', () => socket.destroy());
  const limit = setTimeout(() => socket.destroy(), LIMIT_MS);
  socket.once('close', () => clearTimeout(limit));
  socket.end();
  socket.resume();
}
