/** Header fields of every reply. */

import helmet from '@fastify/helmet';
import fp from 'fastify-plugin';

/**
 * Replies are data: no page may frame them and no script of theirs may run. The documentation replaces this policy by
 * its own (`openapi/index.ts`). The service speaks plain HTTP, so it asks for no upgrade to HTTPS: a page on http://address
 * would stay blank. HSTS is for whoever ends TLS (RFC 6797 §7.2).
 */
export const headers = fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.headers({ 'Cache-Control': 'no-store', 'X-Request-Id': request.id });
    });
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      frameguard: { action: 'deny' },
      strictTransportSecurity: false,
      // For pages of https alone; over plain http a browser complains of them.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
    });
  },
  { name: 'headers' },
);
