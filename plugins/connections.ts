/**
 * Limits the number of open connections, of all clients and of one address. A connection above a limit is closed before
 * anything is read from it. A client may end its side of a connection before it has the replies.
 */

import type { Socket } from 'node:net';
import fp from 'fastify-plugin';
import { proxyCheck } from '../src/config/trusted-proxies.ts';
import { networkOf } from './limits/client.ts';
import type { Metrics } from './metrics/metrics.ts';
import { allowHalfClose } from './node-internals/half-close.ts';

export const connections = fp<{ metrics: Metrics }>(
  async (app, { metrics }) => {
    const { MAX_CONNECTIONS, MAX_CONNECTIONS_PER_ADDRESS, TRUST_PROXY } = app.config;
    allowHalfClose(app.server);
    app.server.maxConnections = MAX_CONNECTIONS;
    app.server.on('drop', () => metrics.connectionsDropped.inc());
    if (MAX_CONNECTIONS_PER_ADDRESS === 0) return;
    const isProxy = proxyCheck(TRUST_PROXY);
    const open = new Map<string, number>();
    app.server.on('connection', (socket: Socket) => {
      const { remoteAddress } = socket;
      if (remoteAddress === undefined || isProxy(remoteAddress)) return;
      const network = networkOf(remoteAddress);
      const count = (open.get(network) ?? 0) + 1;
      if (count > MAX_CONNECTIONS_PER_ADDRESS) {
        metrics.connectionsDropped.inc();
        socket.destroy();
        return;
      }
      open.set(network, count);
      socket.once('close', () => leave(open, network));
    });
  },
  { name: 'connections', dependencies: ['config'] },
);

function leave(open: Map<string, number>, network: string): void {
  const count = (open.get(network) ?? 0) - 1;
  if (count > 0) open.set(network, count);
  else open.delete(network);
}
