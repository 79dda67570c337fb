/** Header fields of every reply. */

import helmet from '@fastify/helmet';
import fp from 'fastify-plugin';

/**
 * Replies are data: no page may frame them and no script of theirs may run. The documentation replaces this policy by
 * its own (`openapi/index.ts`). It asks for no upgrade to https: a page on http://address would stay blank.
 */
export const headers = fp(
  async (app) => {
    app.addHook('onRequest', async (request, reply) => {
      reply.headers({ 'Cache-Control': 'no-store', 'X-Request-Id': request.id });
      // RFC 6797 §7.2: never over plain http.
      if (request.protocol === 'https') reply.header('Strict-Transport-Security', HSTS);
    });
    await app.register(helmet, {
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
      frameguard: { action: 'deny' },
      // Helmet would send it over plain http too.
      strictTransportSecurity: false,
      // For pages of https alone; over plain http a browser complains of them.
      crossOriginOpenerPolicy: false,
      originAgentCluster: false,
    });
  },
  { name: 'headers' },
);

/** A year, in seconds. */
const HSTS = 'max-age=31536000; includeSubDomains';
