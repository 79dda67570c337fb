import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { READING } from '../authorities/access.ts';
import { ProfileDocument } from './document-schema.ts';
import { listProfiles, listProfileVersions, readProfile, readProfileSchema } from './operations.ts';
import { etagOf, presentProfile } from './present.ts';

/** draft-bhutton-json-schema-01. */
const PUBLISHED = Object.freeze({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  ...ProfileDocument.schema,
});

export const views: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get('', { schema: listProfiles, config: READING }, async ({ profiles, query }) => {
    const { limit = 100, after } = query;
    const page = await profiles.list({ limit, ...(after !== undefined && { after }) });
    const stored = page.filter((shown) => shown.stored !== undefined);
    const last = stored.at(-1)?.name;
    return {
      profiles: page.map(presentProfile),
      ...(stored.length === limit && last !== undefined && { next: last }),
    };
  });

  app.get('/schema', { schema: readProfileSchema, config: READING }, async (_request, reply) =>
    reply.type('application/schema+json').send(PUBLISHED),
  );

  app.get('/:name', { schema: readProfile, config: READING }, async ({ profiles, params, query }, reply) => {
    const shown = await profiles.show(params.name, query.version);
    return reply.header('ETag', etagOf(shown)).send(presentProfile(shown));
  });

  app.get(
    '/:name/versions',
    { schema: listProfileVersions, config: READING },
    async ({ profiles, params, query: { limit = 100, before } }) => {
      const versions = await profiles.versions(params.name, { limit, before });
      const last = versions.at(-1)?.version;
      return {
        versions: versions.map(presentProfile),
        ...(last !== undefined && last > 1 && { next: last }),
      };
    },
  );

  done();
};
