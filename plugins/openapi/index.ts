/** The OpenAPI document, generated from the schemas of the routes, and the page that shows it. */

import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import type { OpenapiDocument } from './document.ts';
import { keepRoutes } from './kept-routes.ts';
import { describeRawBodies } from './raw-bodies.ts';
import { removeUnusedAccess } from './access.ts';
import { descriptionOf } from './description.ts';
import { describeRequestDefaults } from './request-defaults.ts';
import { markOptionalBodies } from './optional-bodies.ts';
import { serveNotFoundPage } from './not-found-page.ts';
import { serveProblemPages } from './problem-pages.ts';
import { shareProblemResponses } from './problem-responses.ts';
import type { Config } from '../../src/config/schema.ts';
import { SERVICE_NAME, VERSION } from '../../src/base/version.ts';

export const openapi = fp(
  async (app) => {
    const { config } = app;
    await app.register(swagger, {
      openapi: {
        openapi: '3.1.0',
        info: {
          title: SERVICE_NAME,
          version: VERSION,
          description: descriptionOf(config),
          license: { name: 'MIT', identifier: 'MIT' },
        },
        // Relative, so that it is right behind every proxy and under every name.
        servers: [{ url: config.BASE_PATH === '' ? '/' : config.BASE_PATH }],
        security: [],
        components: { securitySchemes: SECURITY_SCHEMES },
        tags: TAGS,
      },
      transformObject: (generated) =>
        'openapiObject' in generated ? finished(generated.openapiObject as OpenapiDocument, config) : {},
      refResolver: {
        buildLocalReference: ({ $id }, _base, _fragment, i) => (typeof $id === 'string' ? $id : `def-${i}`),
      },
    });
    if (!config.DOCS_ENABLED) return;
    serveNotFoundPage(app, `${config.BASE_PATH}/docs`);
    await app.register(documentation);
  },
  { name: 'openapi', dependencies: ['accept', 'config', 'errors', 'headers', 'limits'] },
);

/** In the order in which a new user needs them. */
const TAGS = [
  { name: 'certificate', description: 'Generate certificates with new keys, and inspect certificates.' },
  { name: 'csr', description: 'Generate, sign and inspect certificate signing requests.' },
  { name: 'keys', description: 'Generate and inspect keys.' },
  { name: 'crl', description: 'Inspect certificate revocation lists.' },
  { name: 'identify', description: 'What a file is, and what to do with it.' },
  { name: 'lint', description: 'What is wrong with certificates, CSRs, CRLs and OCSP responses.' },
  {
    name: 'authorities',
    description: 'CAs whose keys the service keeps, and the certificates that they issue.',
  },
  { name: 'profiles', description: 'What the stored authorities certify, and for whom.' },
  { name: 'certificates', description: 'The certificates that stored authorities issued.' },
  { name: 'publication', description: 'What relying parties read, without authentication.' },
  { name: 'webhooks', description: 'Messages about certificates for other programs.' },
  { name: 'ocsp', description: 'Whether certificates of stored authorities are revoked.' },
  { name: 'audit', description: 'What the service did, in a chain that shows every change.' },
  { name: 'service', description: 'The service itself.' },
];

/** With the names of `routes/wire/access.ts`. */
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
function finished(generated: OpenapiDocument, config: Config): OpenapiDocument {
  const document = nameWildcards(withoutSharedObjects(generated));
  markOptionalBodies(document);
  describeRawBodies(document);
  describeRequestDefaults(document);
  shareProblemResponses(document, config.BASE_PATH);
  removeUnusedAccess(document, config);
  return withoutSharedObjects(document);
}

/** Fastify names the rest of a path `*`. OpenAPI needs a name of letters. */
const nameWildcards = (document: OpenapiDocument): OpenapiDocument =>
  JSON.parse(
    JSON.stringify(document).replaceAll('/{*}"', '/{rest}"').replaceAll('"name":"*"', '"name":"rest"'),
  ) as OpenapiDocument;

/** A shared object would be changed for all who share it, and be an anchor in YAML. */
const withoutSharedObjects = (document: OpenapiDocument): OpenapiDocument =>
  JSON.parse(JSON.stringify(document)) as OpenapiDocument;

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
    theme: { title: SERVICE_NAME },
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
