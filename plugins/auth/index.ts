/** Who asks, and whether they may: each route says which scope it needs, and the guard asks for it before the body is read. */

import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { Principal } from '../../src/access/principal.ts';
import type { Scope } from '../../src/access/scopes.ts';
import { certificateSuffices, isGuarded } from '../../src/config/access.ts';
import { openAccessTokens, type AccessTokens } from './access-tokens.ts';
import { openApiKeys, type ApiKeys } from './api-keys.ts';
import { certificatePrincipal } from './certificate-principal.ts';
import { credentialsIn, forbidden, unauthorized, type Credentials } from './credentials.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What a caller must hold; `public` for what anybody may ask. A service with authentication has no route without. */
    scope?: Scope | 'public';
  }

  interface FastifyRequest {
    /** Who asks. Absent on public routes, and in a service without authentication. */
    principal?: Principal;
    /** Throws a problem 403 unless the caller holds `scope`: for what only the body tells. */
    requireScope(scope: Scope): void;
  }
}

export const auth = fp(
  async (app) => {
    const guarded = isGuarded(app.config);
    app.decorateRequest('principal');
    app.decorateRequest('requireScope', guarded ? requireScope : () => {});
    if (!guarded) return;
    refuseOpenRoutes(app);
    const keys = openApiKeys(app.config, app.log);
    const tokens = openAccessTokens(app.config, app.log);
    if (app.config.API_KEYS_FILE !== undefined) app.onReload('API_KEYS_FILE', () => keys.reload());
    app.addHook('onRequest', async (request, reply) => {
      if (scopeOf(request) === 'public') return;
      await app.failedAuthentication.check(request, reply);
      const credentials = credentialsIn(request.headers);
      request.principal = certificateSuffices(app.config)
        ? request.clientCertificate && certificatePrincipal(request.clientCertificate)
        : credentials && (await principalOf(credentials, keys, tokens));
      if (request.principal === undefined) {
        await app.failedAuthentication.count(request, reply);
        throw unauthorized(credentials);
      }
    });
    // Before the body is read, and after the rate limits of the principal have counted the request.
    app.addHook('preParsing', async (request) => {
      const scope = scopeOf(request);
      if (scope !== 'public') request.requireScope(scope);
    });
  },
  {
    name: 'auth',
    dependencies: ['config', 'errors', 'failed-authentication', 'reloading', 'client-certificates'],
  },
);

/** A route that says nothing of who may ask is a bug, and stops the start. */
function refuseOpenRoutes(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  // Only now: a hook of the plugin that a route belongs to may have set its scope after this one.
  app.addHook('onReady', async () => {
    const open = routes.filter(({ config }) => config?.scope === undefined);
    if (open.length === 0) return;
    throw new Error(`routes without a scope: ${open.map(({ url }) => url).join(', ')}`);
  });
}

function scopeOf({ is404, method, url, routeOptions }: FastifyRequest): Scope | 'public' {
  // A path that nobody serves is told to everybody, and so is how to ask (CORS, the only routes for OPTIONS).
  if (is404 || method === 'OPTIONS') return 'public';
  const { scope } = routeOptions.config;
  if (scope === undefined) throw new Error(`${method} ${url} has no scope`);
  return scope;
}

const principalOf = async (
  { kind, text }: Credentials,
  keys: ApiKeys,
  tokens: AccessTokens | undefined,
): Promise<Principal | undefined> => keys.find(text) ?? (kind === 'Bearer' ? tokens?.find(text) : undefined);

function requireScope(this: FastifyRequest, scope: Scope): void {
  if (this.principal?.scopes.has(scope) !== true) throw forbidden(scope);
}
