/** Header fields of every reply. */

import helmet from '@fastify/helmet';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `program` for octets that caches keep and no browser shows as a page. Errors of the route are documents. */
    reader?: 'program';
  }
}

type Fields = Readonly<Record<string, string>>;

export const headers = fp(
  async (app) => {
    const ofDocuments = { ...(await helmetFields()), 'Cache-Control': 'no-store' };
    const announceDocument = ({ id }: FastifyRequest, reply: FastifyReply): void =>
      void reply.headers(ofDocuments).header('X-Request-Id', id);
    app.addHook('onRequest', (request, reply, done) => {
      if (request.routeOptions.config.reader === 'program') reply.headers(OF_OCTETS);
      else announceDocument(request, reply);
      // RFC 6797 §7.2: never over plain http.
      if (request.protocol === 'https') reply.header('Strict-Transport-Security', HSTS);
      done();
    });
    app.addHook('onError', (request, reply, _error, done) => {
      if (!reply.hasHeader('X-Request-Id')) announceDocument(request, reply);
      done();
    });
  },
  { name: 'headers' },
);

/** A cache would send the X-Request-Id of one client to the others. */
const OF_OCTETS: Fields = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' };

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
 * Helmet sets the same fields on every reply, so they are read once, from a reply that is never sent. On each reply, its
 * closure kept the whole request in memory until a full collection.
 */
async function helmetFields(): Promise<Fields> {
  const app = fastify();
  await app.register(helmet, OPTIONS);
  app.get('/', (_request, { raw }) => Object.entries(raw.getHeaders()));
  const reply = await app.inject('/');
  return Object.fromEntries(reply.json<[string, unknown][]>().map(([name, value]) => [name, String(value)]));
}

/** One year, in seconds. */
const HSTS = 'max-age=31536000; includeSubDomains';
