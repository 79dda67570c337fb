/** Clients that send many requests and read no reply. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Test } from 'tap';
import { END_HEADERS, END_STREAM, frame, headerBlock, requestFields, uint32 } from './frames.ts';

export type Protocol = 'http/1.1' | 'https' | 'h2' | 'h2, window 0';

export interface Unread {
  readonly protocol: Protocol;
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  /** On each connection. */
  readonly requests: number;
}

/** Sends all requests at once. Returns when the connections are open; they are closed when `t` ends, or by `close`. */
export async function askUnread(
  t: Test,
  { connections, ...unread }: Unread,
): Promise<{ readonly close: () => void }> {
  const sockets = Array.from({ length: connections }, () => open(unread));
  const close = (): void => sockets.forEach((socket) => socket.destroy());
  t.teardown(close);
  await Promise.all(sockets.map((socket) => once(socket, 'sent')));
  return { close };
}

type Connection = Omit<Unread, 'connections'>;

function open({ protocol, port, path, requests }: Connection): Socket {
  const plain = protocol === 'http/1.1';
  const ALPNProtocols = [protocol === 'https' ? 'http/1.1' : 'h2'];
  const place = { port, host: '127.0.0.1' };
  const socket = plain ? connect(place) : connectTls({ ...place, rejectUnauthorized: false, ALPNProtocols });
  // The service may close the connection.
  socket.on('error', () => socket.emit('sent'));
  socket.once(plain ? 'connect' : 'secureConnect', () => {
    socket.pause();
    socket.write(protocol.startsWith('h2') ? frames(protocol, path, requests) : lines(path, requests));
    socket.emit('sent');
  });
  return socket;
}

const lines = (path: string, count: number): string =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(count);

const LARGEST_WINDOW = 2 ** 31 - 1;

/** Returns the preface of a client, and requests on separate streams (RFC 9113 §3.4). */
function frames(protocol: Protocol, path: string, count: number): Buffer {
  const window = protocol === 'h2, window 0' ? 0 : LARGEST_WINDOW;
  const block = headerBlock(requestFields('GET', path));
  return Buffer.concat([
    Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    frame('SETTINGS', 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(window)])),
    frame('WINDOW_UPDATE', 0, 0, uint32(2 ** 30)),
    ...Array.from({ length: count }, (_, i) => frame('HEADERS', 2 * i + 1, END_STREAM | END_HEADERS, block)),
  ]);
}
