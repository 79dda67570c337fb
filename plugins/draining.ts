/** Graceful shutdown: the service becomes unready, keeps serving while that is noticed, and finishes open requests. */

import { setTimeout as sleep } from 'node:timers/promises';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes the service unready, waits for SHUTDOWN_DELAY, and closes it once open requests have ended. */
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
    // Clients open their next connection elsewhere then. Otherwise the close would wait for the clients of busy
    // connections, and would close idle ones while their next request is on its way.
    app.addHook('onSend', (_request, reply, _payload, done) => {
      if (leaving) reply.header('Connection', 'close');
      done();
    });
  },
  { name: 'draining', dependencies: ['config', 'readiness'] },
);
