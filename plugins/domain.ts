/** The domain, as decorators of the application and of each request. */

import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { Issuer } from '../src/ca/issuer.ts';
import type { IssuanceObserver } from '../src/ca/use-case.ts';
import type { Domain } from '../src/domain.ts';
import type { Keys } from '../src/keys/key.ts';
import type { Inspector } from '../src/x509/description/inspector.ts';

/** Returns the observer of what one request has issued. */
export type ObserveIssuance = (request: FastifyRequest) => IssuanceObserver;

declare module 'fastify' {
  interface FastifyInstance {
    readonly keys: Keys;
    readonly inspector: Inspector;
    /** Adds an observer, after those that were added before. */
    observeIssuance(observe: ObserveIssuance): void;
    /** The observers of what one request issues. */
    issuanceObservers(request: FastifyRequest): readonly IssuanceObserver[];
  }

  interface FastifyRequest {
    /** Issues on behalf of the caller of this request; every observer sees it. */
    readonly issuer: Issuer;
  }
}

/** Closing the application closes the domain. */
export const domain = fp<{ readonly domain: Domain }>(
  async (app, { domain }) => {
    const observers: ObserveIssuance[] = [];
    app.decorate('keys', domain.keys);
    app.decorate('inspector', domain.inspector);
    app.decorate('observeIssuance', (observe) => void observers.push(observe));
    app.decorate('issuanceObservers', (request) => observers.map((observe) => observe(request)));
    app.decorateRequest('issuer', {
      getter(this: FastifyRequest) {
        return domain.issuer(...app.issuanceObservers(this));
      },
    });
    // The engine passed its self-test before: without it there is no domain.
    app.readiness.add('engine', () => undefined);
    app.addHook('onClose', () => domain.close());
  },
  { name: 'domain', dependencies: ['readiness'] },
);
