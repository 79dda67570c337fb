/** Probes for an orchestrator. Each supports one decision. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { UNLIMITED } from '../wire/cost.ts';
import { Probe, readLiveness, Readiness, readReadiness, readStartup } from './schema.ts';

export const probes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.addSchema(Probe.schema);
  app.addSchema(Readiness.schema);

  const answer = { status: 'ok' } as const;

  // It checks the event loop alone: a restart can repair nothing else.
  app.get('/livez', { schema: readLiveness, config: UNLIMITED }, () => answer);

  app.get('/readyz', { schema: readReadiness, config: UNLIMITED }, async () => ({
    ...answer,
    checks: await app.readiness.report(),
  }));

  // The port opens only after the engine has passed its self-test and every plugin is loaded.
  app.get('/startupz', { schema: readStartup, config: UNLIMITED }, () => answer);

  done();
};
