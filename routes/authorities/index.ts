/** The stored authorities. A service without a store refuses every request here. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { certificates } from './certificates.ts';
import { changes, choices } from './changes.ts';
import { crls } from './crl.ts';
import { creation } from './creation.ts';
import { components } from './schema.ts';
import { views } from './views.ts';

export const authorities: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);
  app.register(creation);
  app.register(crls);
  app.register(views);
  app.register(changes);
  app.register(choices);
  app.register(certificates);
  done();
};
