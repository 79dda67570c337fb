/** The map of the API. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { certificate } from './certificate/index.ts';
import { csr } from './csr/index.ts';
import { documentErrors } from './error-responses.ts';
import { health } from './health/index.ts';
import { info } from './info/index.ts';
import { keys } from './keys/index.ts';

export const routes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.addHook('onRoute', documentErrors);

  app.register(health, { prefix: '/health' });
  app.register(info, { prefix: '/api/v1/info' });
  app.register(keys, { prefix: '/api/v1/keys' });
  app.register(certificate, { prefix: '/api/v1/certificate' });
  app.register(csr, { prefix: '/api/v1/csr' });

  done();
};
