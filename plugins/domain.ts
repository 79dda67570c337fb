/** The domain, as decorators of the application. */

import fp from 'fastify-plugin';
import type { Issuer } from '../src/ca/issuer.ts';
import type { Keys } from '../src/keys/key.ts';
import type { Inspector } from '../src/x509/description/description.ts';

declare module 'fastify' {
  interface FastifyInstance {
    readonly keys: Keys;
    readonly issuer: Issuer;
    readonly inspector: Inspector;
  }
}

/** Closing the application closes the keys, and with them the engine. */
export interface Domain {
  readonly keys: Keys;
  readonly issuer: Issuer;
  readonly inspector: Inspector;
}

export const domain = fp<Domain>(
  async (app, { keys, issuer, inspector }) => {
    app.decorate('keys', keys);
    app.decorate('issuer', issuer);
    app.decorate('inspector', inspector);
    // The self-test came before: without it there are no keys to be given.
    app.readiness.add('engine', () => undefined);
    app.addHook('onClose', () => keys.close());
  },
  { name: 'crypto', dependencies: ['readiness'] },
);
