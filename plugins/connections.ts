/** How many connections are open at a time. One more is closed before a word of it is read. */

import fp from 'fastify-plugin';
import type { Metrics } from './metrics/metrics.ts';

export const connections = fp<{ metrics: Metrics }>(
  async (app, { metrics }) => {
    app.server.maxConnections = app.config.MAX_CONNECTIONS;
    app.server.on('drop', () => metrics.connectionsDropped.inc());
  },
  { name: 'connections', dependencies: ['config'] },
);
