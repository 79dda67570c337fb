/** What an orchestrator asks, each for a decision of its own. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { UNLIMITED } from '../wire/cost.ts';
import { Probe, readLiveness, Readiness, readReadiness, readStartup } from './schema.ts';

export const probes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.addSchema(Probe.schema);
  app.addSchema(Readiness.schema);

  const answer = { status: 'ok' } as const;

  // Nothing but the event loop: a restart heals nothing else.
  app.get('/livez', { schema: readLiveness, config: UNLIMITED }, () => answer);

  app.get('/readyz', { schema: readReadiness, config: UNLIMITED }, async () => ({
    ...answer,
    checks: await app.readiness.report(),
  }));

  // The port opens only after the engine has passed its self-test and every plugin is loaded.
  app.get('/startupz', { schema: readStartup, config: UNLIMITED }, () => answer);

  done();
};
