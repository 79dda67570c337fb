/**
 * Node's HTTP parser reads every connection of a thread into one static buffer of 64 KiB, from its start, and copies the
 * body out of it. A request that carried a private key stays in that buffer until another read is as long. No API reaches
 * the buffer, and Node uses it for no read but those of its HTTP parser. So the service keeps one connection to itself, on
 * which zeros arrive as the body of a request that never ends.
 *
 * Costs 100 µs of the event loop for each request that carries a private key. Without it, 2 of 21 sent keys stay in memory
 * (test/faults/sent-key-residue.test.ts). Alternatives: docs/decisions/2026-11-28-node-internals.md.
 */

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { http } from '../../src/base/http.ts';

export interface ReadBuffer {
  /** Starts to overwrite all that was read until now. Does not wait for it. */
  overwrite(): void;
  close(): void;
}

const NO_TIMEOUTS = { headersTimeout: 0, requestTimeout: 0 };
const HEAD = 'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n';

/** One chunk, twice as long as the buffer, so that one read fills the buffer to its end. */
const ZEROS = Buffer.concat([Buffer.from('20000\r\n'), Buffer.alloc(0x20000), Buffer.from('\r\n')]);

export async function openReadBuffer(): Promise<ReadBuffer> {
  const [sender, receiver] = await connectedPair();
  // This server does not listen: the receiver is its only connection.
  http.createServer(NO_TIMEOUTS, (request) => void request.resume()).emit('connection', receiver);
  sender.write(HEAD);
  return {
    overwrite() {
      // Zeros that are still to be sent overwrite this too.
      if (sender.writableLength === 0) sender.write(ZEROS);
    },
    close() {
      sender.destroy();
      receiver.destroy();
    },
  };
}

/** Both ends of one connection. The listener is closed before this resolves, so no other process can connect. */
async function connectedPair(): Promise<readonly [Socket, Socket]> {
  const listener = createServer().listen({ host: '127.0.0.1', port: 0, exclusive: true });
  try {
    await once(listener, 'listening');
    const sender = connect((listener.address() as AddressInfo).port, '127.0.0.1').unref();
    const events = [once(listener, 'connection'), once(sender, 'connect')];
    const [[receiver]] = (await Promise.all(events)) as [[Socket], []];
    if (receiver.remotePort !== sender.localPort) throw new Error('another process connected first');
    for (const end of [sender, receiver]) end.unref().on('error', () => {});
    return [sender, receiver];
  } finally {
    listener.close();
  }
}
