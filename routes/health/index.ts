import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { SERVICE_NAME, VERSION } from '../../src/base/version.ts';
import { UNLIMITED } from '../wire/cost.ts';
import { Health, readHealth } from './schema.ts';

export const health: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.addSchema(Health.schema);

  const answer = { status: 'healthy', service: SERVICE_NAME, version: VERSION } as const;

  app.get('', { schema: readHealth, config: UNLIMITED }, () => answer);

  done();
};
