/**
 * How a connection closes when a request on it was answered before all of its body had come: the answer goes out, the rest
 * is read and thrown away until the client closes too (RFC 9112 §9.6). Closed at once it would be reset, and who was still
 * sending would lose the answer: a proxy says 502 then.
 */

import type { Socket } from 'node:net';
import fp from 'fastify-plugin';
import { onEarlyClose } from './node-internals/connection-close.ts';

/** Clients that go on sending are cut off after so long. */
const LIMIT_MS = 2000;

export const lingeringClose = fp(
  async (app) => {
    const opened = 'setSecureContext' in app.server ? 'secureConnection' : 'connection';
    app.server.on(opened, (socket: Socket) => onEarlyClose(socket, linger));
  },
  { name: 'lingering' },
);

function linger(socket: Socket): void {
  // Nothing more of it is a request.
  socket.removeAllListeners('data');
  socket.on('data', (octets: Buffer) => octets.fill(0));
  socket.once('end', () => socket.destroy());
  const limit = setTimeout(() => socket.destroy(), LIMIT_MS);
  socket.once('close', () => clearTimeout(limit));
  socket.end();
  socket.resume();
}
