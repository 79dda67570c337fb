/**
 * Node.js reads the connections of a thread into one buffer of 64 KiB and copies out of it what it hands on. What a long
 * request leaves there stays until another one is as long. So that none of it stays, a connection of the process to itself
 * brings zeros, as the body of a request that never ends.
 */

import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface ReadBuffer {
  /** What was read until now is soon there no longer. */
  overwrite(): void;
  close(): void;
}

const ENDLESS = { headersTimeout: 0, requestTimeout: 0 };
const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Twice the buffer, so that one reading fills it to its end. */
const ZEROS = Buffer.concat([Buffer.from('20000\r\n'), Buffer.alloc(0x20000), Buffer.from('\r\n')]);

export async function openReadBuffer(): Promise<ReadBuffer> {
  const [sender, receiver] = await connectedPair();
  // It listens nowhere: the receiver is its only connection.
  createHttpServer(ENDLESS, (request) => void request.resume()).emit('connection', receiver);
  sender.write(HEAD);
  return {
    overwrite() {
      if (sender.writableLength === 0) sender.write(ZEROS);
    },
    close() {
      sender.destroy();
      receiver.destroy();
    },
  };
}

/** Two ends of a connection. Nobody else can connect any more when it is there. */
async function connectedPair(): Promise<readonly [Socket, Socket]> {
  const listener = createServer().listen({ host: '127.0.0.1', port: 0, exclusive: true });
  try {
    await once(listener, 'listening');
    const sender = connect((listener.address() as AddressInfo).port, '127.0.0.1').unref();
    const events = [once(listener, 'connection'), once(sender, 'connect')];
    const [[receiver]] = (await Promise.all(events)) as [[Socket], []];
    if (receiver.remotePort !== sender.localPort) throw new Error('a stranger connected');
    for (const end of [sender, receiver]) end.unref().on('error', () => {});
    return [sender, receiver];
  } finally {
    listener.close();
  }
}
