/** Limits the number of open connections. A connection above the limit is closed before anything is read from it. */

import fp from 'fastify-plugin';
import type { Metrics } from './metrics/metrics.ts';

export const connections = fp<{ metrics: Metrics }>(
  async (app, { metrics }) => {
    app.server.maxConnections = app.config.MAX_CONNECTIONS;
    app.server.on('drop', () => metrics.connectionsDropped.inc());
  },
  { name: 'connections', dependencies: ['config'] },
);
