/** Header fields of every reply. */

import helmet from '@fastify/helmet';
import { fastify } from 'fastify';
import fp from 'fastify-plugin';

export const headers = fp(
  async (app) => {
    const fields = { ...(await fieldsOfHelmet()), 'Cache-Control': 'no-store' };
    app.addHook('onRequest', async (request, reply) => {
      reply.headers(fields).header('X-Request-Id', request.id);
      // RFC 6797 §7.2: never over plain http.
      if (request.protocol === 'https') reply.header('Strict-Transport-Security', HSTS);
    });
  },
  { name: 'headers' },
);

/**
 * Replies are data: no page may frame them and no script of theirs may run. The documentation replaces this policy by
 * its own (`openapi/index.ts`). It asks for no upgrade to https: a page on http://address would stay blank.
 */
const OPTIONS = {
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
} as const;

/**
 * What Helmet sets is the same for every request. It is asked once, since it makes its middleware anew for each, which
 * took 80 of 494 µs of the event loop for a certificate.
 */
async function fieldsOfHelmet(): Promise<Readonly<Record<string, string>>> {
  const probe = fastify();
  await probe.register(helmet, OPTIONS);
  probe.get('/', async (_request, reply) => reply.raw.getHeaders());
  const reply = await probe.inject('/');
  await probe.close();
  return reply.json();
}

/** A year, in seconds. */
const HSTS = 'max-age=31536000; includeSubDomains';
