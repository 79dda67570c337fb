/** The OpenAPI document, generated from the schemas of the routes, and the page that shows it. */

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { OpenapiDocument } from './document.ts';
import { keepRoutes } from './kept-routes.ts';
import { markOptionalBodies } from './optional-bodies.ts';
import { serveProblemPages } from './problem-pages.ts';
import { shareProblemResponses } from './problem-responses.ts';
import { SERVICE_NAME, VERSION } from '../../src/base/version.ts';

export const openapi = fp(
  async (app) => {
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: SERVICE_NAME,
          version: VERSION,
          description:
            'Creates and signs X.509 certificates with ML-DSA keys (FIPS 204) as RFC 9881 specifies.',
          license: { name: 'MIT', identifier: 'MIT' },
        },
        // Relative, so that it is correct behind every proxy and under every name.
        servers: [{ url: app.config.BASE_PATH === '' ? '/' : app.config.BASE_PATH }],
        security: [],
        components: { securitySchemes: SECURITY_SCHEMES },
        tags: [
          { name: 'certificate', description: 'Certificates with new keys, and what is in a certificate.' },
          { name: 'csr', description: 'Certificate signing requests: made, signed, shown.' },
          { name: 'keys', description: 'Key pairs.' },
          { name: 'service', description: 'The service itself.' },
        ],
      },
      transformObject: (made) =>
        'openapiObject' in made ? finished(made.openapiObject as OpenapiDocument) : {},
      refResolver: {
        buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `def-${i}`),
      },
    });
    if (app.config.DOCS_ENABLED) await app.register(documentation);
  },
  { name: 'openapi', dependencies: ['config', 'headers', 'limits'] },
);

/** For a service with keys or tokens. The names are those of `routes/wire/access.ts`. */
const SECURITY_SCHEMES = {
  ApiKey: {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
    description: 'A key of API_KEYS or API_KEYS_FILE.',
  },
  Bearer: {
    type: 'http',
    scheme: 'bearer',
    description: 'The same key, or an access token (JWT) of the configured issuer, as RFC 6750 sends it.',
  },
} as const;

/** Adds what the schema of a route cannot express. */
function finished(document: OpenapiDocument): OpenapiDocument {
  markOptionalBodies(document);
  shareProblemResponses(document);
  return document;
}

async function documentation(app: FastifyInstance): Promise<void> {
  const prefix = `${app.config.BASE_PATH}/docs`;
  app.addHook('onRoute', (route) => {
    // One view of the page requests half a dozen files, which are not calls of the API.
    route.config = { ...route.config, limit: 'documentation', scope: 'public' };
  });
  serveProblemPages(app);
  await keepRoutes(app, prefix);
  await app.register(swaggerUi, {
    routePrefix: prefix,
    staticCSP: DOCUMENTATION_POLICY,
    uiConfig: { persistAuthorization: false, validatorUrl: null, docExpansion: 'list', deepLinking: true },
  });
}

/** Swagger UI needs images in data URLs and style attributes, and nothing from other origins. */
const DOCUMENTATION_POLICY = {
  'default-src': "'none'",
  'base-uri': "'none'",
  'connect-src': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'img-src': "'self' data:",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
};
