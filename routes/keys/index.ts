import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { hasKeyFormats } from '../../src/keys/key.ts';
import { ISSUING } from '../wire/cost.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { newKeyAlgorithm, presentKeyAlgorithm } from '../wire/key-algorithm.ts';
import { sendKeyAsFile } from '../wire/key-with-file.ts';
import { presentKeyPair } from '../wire/present.ts';
import { inspect } from './inspect.ts';
import { match } from './match.ts';
import { convert } from './convert.ts';
import { components, generateKeyPair } from './schema.ts';

export const keys: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post(
    '/generate',
    { schema: generateKeyPair, config: { ...ISSUING, scope: 'keys:generate' } },
    async (request, reply) => {
      const { body, issuer } = request;
      const { key_format = DEFAULTS.keyFormat } = body;
      const algorithm = newKeyAlgorithm(body);
      const key = await issuer.generateKey({ algorithm });
      const file = { key, format: key_format, more: [], name: 'key' };
      try {
        if (await sendKeyAsFile(request, reply, file)) return reply;
        return reply.sendSecretJson({
          ...(await presentKeyPair(key, key_format)),
          ...presentKeyAlgorithm(algorithm),
          ...(hasKeyFormats(key.publicKey.family) && { key_format }),
        });
      } finally {
        key.destroy();
      }
    },
  );

  app.register(convert);
  app.register(inspect);
  app.register(match);

  done();
};
