/** HTTP/1 pipelining: the requests of a connection are served one at a time, so that one client cannot exhaust the service. */

import fp from 'fastify-plugin';
import { limitPipelining } from './node-internals/pipelining.ts';

export const pipelining = fp(
  async (app) => {
    limitPipelining(app.server);
  },
  // `framing` adds listeners to the server; this plugin must take over those too.
  { name: 'pipelining', dependencies: ['framing'] },
);
