import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Test } from 'tap';

export interface TcpProxy {
  readonly port: number;
  /** From now on, delays replies by this number of milliseconds. */
  delay(milliseconds: number): void;
}

/** Forwards to a port of 127.0.0.1, and can delay replies. It closes when `t` ends. */
export async function startTcpProxy(t: Test, target: number): Promise<TcpProxy> {
  let delay = 0;
  const open = new Set<Socket>();
  const keep = (socket: Socket, other: Socket): void => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      open.delete(socket);
      other.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    keep(client, upstream);
    keep(upstream, client);
    client.pipe(upstream);
    upstream.on('data', (octets) => void setTimeout(() => client.write(octets), delay));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return {
    port: (server.address() as AddressInfo).port,
    delay(milliseconds) {
      delay = milliseconds;
    },
  };
}
