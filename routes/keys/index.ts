import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { ISSUING } from '../wire/cost.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { presentKeyPair } from '../wire/present.ts';
import { convert } from './convert.ts';
import { components, generateKeyPair } from './schema.ts';

export const keys: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post(
    '/generate',
    { schema: generateKeyPair, config: { ...ISSUING, scope: 'keys:generate' } },
    async ({ body, issuer }, reply) => {
      const { security_level = DEFAULTS.securityLevel, key_format = DEFAULTS.keyFormat } = body;
      const key = await issuer.generateKey({ algorithm: security_level });
      try {
        return reply.sendSecretJson({
          ...(await presentKeyPair(key, key_format)),
          security_level,
          key_format,
        });
      } finally {
        key.destroy();
      }
    },
  );

  app.register(convert);

  done();
};
