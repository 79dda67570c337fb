/** How Node's HTTP server closes a connection after its last response. */

import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

/** A connection of Node's HTTP server. */
interface HttpSocket extends Socket {
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null;
}

/**
 * Calls `close` instead of closing the connection, if Node would close it before the body of its request has arrived.
 *
 * Depends on two things: Node's HTTP server calls `destroySoon` of the socket once the last response is written, and keeps
 * the request that it is reading as `socket.parser.incoming`.
 */
export function onEarlyClose(socket: Socket, close: (socket: Socket) => void): void {
  socket.destroySoon = () => {
    if (isReadingBody(socket) && !socket.destroyed) close(socket);
    else Socket.prototype.destroySoon.call(socket);
  };
}

const isReadingBody = ({ parser }: HttpSocket): boolean => parser?.incoming?.complete === false;
