import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { identify as identifyParts } from '../../src/identify/identification.ts';
import { INSPECTING } from '../wire/cost.ts';
import { RAW_TYPES } from '../wire/media-types.ts';
import { presentIdentification } from './present.ts';
import { components, identifyData } from './schema.ts';

export const identify: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post(
    '',
    { schema: identifyData, config: { ...INSPECTING, rawBody: { member: 'data', types: RAW_TYPES } } },
    async ({ body }) => {
      const identification = await identifyParts(app.keys, body.data);
      app.collectKeys();
      return presentIdentification(identification);
    },
  );

  done();
};
