/** How the service leaves: it says so first, serves on while that is noticed, and ends what is under way. */

import { setTimeout as sleep } from 'node:timers/promises';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Not ready from now on, closed once SHUTDOWN_DELAY is over and what is under way has ended. */
    leave(): Promise<void>;
  }
}

export const draining = fp(
  async (app) => {
    let leaving = false;
    app.readiness.add('serving', () => (leaving ? 'the service is stopping' : undefined));
    app.decorate('leave', async () => {
      leaving = true;
      await sleep(app.config.SHUTDOWN_DELAY * 1000);
      await app.close();
    });
    app.addHook('preClose', async () => {
      leaving = true;
    });
    // A client that is told so opens its next connection elsewhere. One that was busy would be kept, and closing would
    // wait for its client; one that is idle would be closed while its next request is on the way.
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (leaving) reply.header('Connection', 'close');
      done();
    });
  },
  { name: 'draining', dependencies: ['config', 'readiness'] },
);
