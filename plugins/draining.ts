/** While the service closes it ends what is under way, and refuses what still comes on connections that are open. */

import fp from 'fastify-plugin';
import { ProblemError } from './errors/problem.ts';

export const draining = fp(
  async (app) => {
    let closing = false;
    app.addHook('preClose', async () => {
      closing = true;
    });
    app.addHook('onRequest', async () => {
      if (closing) throw new ProblemError({ code: 'unavailable', detail: 'The service is stopping' });
    });
    // Else a connection that was busy would be kept, and closing would wait for its client.
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (closing) reply.header('Connection', 'close');
      done();
    });
  },
  { name: 'draining', dependencies: ['errors'] },
);
