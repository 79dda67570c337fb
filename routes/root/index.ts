/** The root of the API: it leads people to the documentation, and programs to the paths. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { SERVICE_NAME, VERSION } from '../../src/base/version.ts';

/** A person comes here by the address alone, so it has the limit of pages. */
const CONFIG = Object.freeze({ limit: 'documentation', scope: 'public' } as const);

export const root: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { BASE_PATH, DOCS_ENABLED } = app.config;
  const documentation = `${BASE_PATH}/docs`;
  const paths = {
    service: SERVICE_NAME,
    version: VERSION,
    info: `${BASE_PATH}/api/v1/info`,
    ...(DOCS_ENABLED && { documentation, openapi: `${documentation}/json` }),
  };

  app.get('/', { schema: { hide: true }, config: CONFIG }, (request, reply) => {
    reply.header('Vary', 'Accept');
    if (DOCS_ENABLED && request.namesHtml()) return reply.redirect(documentation, 302);
    return reply.type('application/json; charset=utf-8').send(JSON.stringify(paths));
  });

  done();
};
