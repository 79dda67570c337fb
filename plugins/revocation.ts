/** Revocation, as decorators of each request. */

import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { storeNotConfigured } from '../src/authorities/refusals.ts';
import type { Revoker } from '../src/revocation/context.ts';
import { createRevocations, type Revocations } from '../src/revocation/revocations.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Acts on behalf of the caller. Throws PkiError store-unavailable in a service without a store. */
    readonly revocations: Revocations;
    readonly revoker: Revoker;
  }
}

export const revocation = fp(
  async (app) => {
    app.decorateRequest('revocations', {
      getter(this: FastifyRequest) {
        const { authorityDomain: domain } = app;
        if (domain === undefined) throw storeNotConfigured();
        return createRevocations(domain.context, this.caller.principal, app.issuanceObservers(this));
      },
    });
    app.decorateRequest('revoker', {
      getter(this: FastifyRequest) {
        return revokerOf(this);
      },
    });
  },
  { name: 'revocation', dependencies: ['authorities', 'auth', 'domain'] },
);

/** In a service without authentication there is one caller, to whom everything belongs. */
const revokerOf = (request: FastifyRequest): Revoker => ({
  principal: request.caller.principal,
  revokesAll: request.principal === undefined || request.principal.scopes.has('certs:revoke'),
  requireAll: () => request.requireScope('certs:revoke'),
});
