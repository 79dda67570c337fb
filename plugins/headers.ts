/** Header fields of every reply. */

import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import fp from 'fastify-plugin';
import helmet from 'helmet';

type Fields = Readonly<Record<string, string>>;

export const headers = fp(
  async (app) => {
    const fields = { ...helmetFields(), 'Cache-Control': 'no-store' };
    app.addHook('onRequest', (request, reply, done) => {
      reply.headers(fields).header('X-Request-Id', request.id);
      // RFC 6797 §7.2: never over plain http.
      if (request.protocol === 'https') reply.header('Strict-Transport-Security', HSTS);
      done();
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

/** Helmet sets the same fields on every reply, so they are read once, from a reply that is never sent. */
function helmetFields(): Fields {
  const reply = new ServerResponse(new IncomingMessage(new Socket()));
  helmet(OPTIONS)(reply.req, reply, () => {});
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}

/** One year, in seconds. */
const HSTS = 'max-age=31536000; includeSubDomains';
