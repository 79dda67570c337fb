/** Authentication and authorization: each route names the scope that it needs, and it is checked before the body is read. */

import type { FastifyInstance, FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import fp from 'fastify-plugin';
import type { Principal } from '../../src/access/principal.ts';
import type { Scope } from '../../src/access/scopes.ts';
import { certificateSuffices, isGuarded } from '../../src/config/access.ts';
import { openAccessTokens, type AccessTokens } from './access-tokens.ts';
import { openApiKeys, type ApiKeys } from './api-keys.ts';
import { certificatePrincipal } from './certificate-principal.ts';
import { credentialsIn, forbidden, unauthorized, type Credentials } from './credentials.ts';
import { hintFor, refusalOfKey, refusalWithout, type Refusal } from './refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * The scope that the caller needs, or several of which it needs one; `public` if none. In a service with
     * authentication every route has one.
     */
    scope?: Scope | readonly Scope[] | 'public';
  }

  interface FastifyRequest {
    /** The authenticated caller. Absent on public routes, and in a service without authentication. */
    principal?: Principal;
    /** Throws a problem 403 unless the caller has one of the scopes. For a scope that depends on the body. */
    requireScope(...scopes: readonly Scope[]): void;
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
    const hint = hintFor(app.config);
    if (app.config.API_KEYS_FILE !== undefined) app.onReload('API_KEYS_FILE', () => keys.reload());
    app.addHook('onRequest', (request, reply, done) => {
      if (scopeOf(request) !== 'public') return authenticate(request, reply);
      return done();
    });

    async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      await app.failedAuthentication.check(request, reply);
      const credentials = credentialsIn(request.headers);
      const found = certificateSuffices(app.config)
        ? certifiedPrincipal(request)
        : ((await principalOf(credentials, keys, tokens)) ?? refusalWithout(request.headers));
      if (typeof found === 'string') {
        await app.failedAuthentication.count(request, reply);
        throw unauthorized({ credentials, reason: found, hint });
      }
      request.principal = found;
    }
    // Before the body is read, and after the rate limits of the principal counted the request.
    app.addHook('preParsing', (request, _reply, payload, done) => {
      const scope = scopeOf(request);
      if (scope !== 'public') request.requireScope(...[scope].flat());
      done(null, payload);
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

function scopeOf({ is404, method, url, routeOptions }: FastifyRequest): Scope | readonly Scope[] | 'public' {
  // A path without a route is a 404 for every client. The only routes for OPTIONS are those of CORS.
  if (is404 || method === 'OPTIONS') return 'public';
  const { scope } = routeOptions.config;
  if (scope === undefined) throw new Error(`${method} ${url} has no scope`);
  return scope;
}

const certifiedPrincipal = ({ clientCertificate }: FastifyRequest): Principal | Refusal =>
  clientCertificate === undefined ? 'missing' : certificatePrincipal(clientCertificate);

/** Returns undefined without credentials. */
async function principalOf(
  credentials: Credentials | undefined,
  keys: ApiKeys,
  tokens: AccessTokens | undefined,
): Promise<Principal | Refusal | undefined> {
  if (credentials === undefined) return undefined;
  const { kind, text } = credentials;
  const principal = keys.find(text);
  if (principal !== undefined) return principal;
  const found = kind === 'Bearer' && tokens ? await tokens.find(text) : refusalOfKey(credentials);
  return found === 'unknown' && keys.hasExpired(text) ? 'expired' : found;
}

function requireScope(this: FastifyRequest, ...scopes: readonly Scope[]): void {
  const { principal } = this;
  if (!scopes.some((scope) => principal?.scopes.has(scope))) throw forbidden(scopes);
}
