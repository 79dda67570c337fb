import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { decodeOptions, type OptionMembers } from '../wire/decode-options.ts';
import { writeProfile } from './operations.ts';
import { etagOf, presentProfile } from './present.ts';

const MANAGING = Object.freeze({ scope: 'profiles:manage' } as const);

export const changes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.put('/:name', { schema: writeProfile, config: MANAGING }, async (request, reply) => {
    const { profiles, caller, params, headers, body } = request;
    const written = await profiles.write({
      caller,
      name: params.name,
      document: () => checked(body),
      expectedVersion: versionOf(headers['if-match']),
    });
    if (written.version === 1)
      reply.code(201).header('Location', `${app.config.BASE_PATH}/api/v1/profiles/${written.name}`);
    return reply.header('ETag', etagOf(written)).send(presentProfile(written));
  });

  done();
};

const versionOf = (etag: string | undefined): number | undefined =>
  etag === undefined ? undefined : Number(etag.slice(1, -1));

type SharedMembers = Pick<OptionMembers, 'extensions' | 'key_usage' | 'extended_key_usage'>;

/** The members that a request for a certificate has too are decoded as there. Throws PkiError. */
function checked<Document extends SharedMembers>(document: Document): Document {
  const { extensions, key_usage, extended_key_usage } = document;
  decodeOptions({ extensions, key_usage, extended_key_usage });
  return document;
}
