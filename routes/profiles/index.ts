/** Profiles of stored authorities. A service without a store refuses every request here. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { changes } from './changes.ts';
import { components } from './schema.ts';
import { views } from './views.ts';

export const profiles: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);
  app.register(views);
  app.register(changes);
  done();
};
