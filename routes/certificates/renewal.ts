import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { RETRY_AFTER } from '../../src/authorities/renewal.ts';
import { READING } from '../authorities/access.ts';
import { presentRenewal } from './present.ts';
import { readRenewal } from './schema.ts';

export const renewal: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get('/:id/renewal', { schema: readRenewal, config: READING }, async (request, reply) => {
    const { certificate } = await request.certificateRecords.show(request.params.id);
    reply.header('Retry-After', RETRY_AFTER);
    return presentRenewal(certificate, app.checkpointPorts().clock());
  });

  done();
};
