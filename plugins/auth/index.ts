/** Authentication and authorization: each route names the scope that it needs, and it is checked before the body is read. */

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
    /** The scope that the caller needs; `public` if none. In a service with authentication every route has one. */
    scope?: Scope | 'public';
  }

  interface FastifyRequest {
    /** The authenticated caller. Absent on public routes, and in a service without authentication. */
    principal?: Principal;
    /** Throws a problem 403 unless the caller has `scope`. For a scope that depends on the body. */
    requireScope(scope: Scope): void;
  }
}

export const auth = fp(
  async (app) => {
    const guarded = isGuarded(app.config);
    app.decorateRequest('principal');
    app.decorateRequest('requireScope', guarded ? requireScope : () => {});
    if (!guarded) return;
    rejectRoutesWithoutScope(app);
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
    // Before the body is read, and after the rate limits of the principal counted the request.
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

/** A route without a scope is a bug, and stops the start. */
function rejectRoutesWithoutScope(app: FastifyInstance): void {
  const routes: RouteOptions[] = [];
  app.addHook('onRoute', (route) => void routes.push(route));
  // Checked when ready, because hooks that run after this one may set the scope of a route.
  app.addHook('onReady', async () => {
    const open = routes.filter(({ config }) => config?.scope === undefined);
    if (open.length === 0) return;
    throw new Error(`routes without a scope: ${open.map(({ url }) => url).join(', ')}`);
  });
}

function scopeOf({ is404, method, url, routeOptions }: FastifyRequest): Scope | 'public' {
  // 404 needs no credentials, nor does a CORS preflight (the only routes for OPTIONS).
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
