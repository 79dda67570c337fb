import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { rfc3339 } from '../../src/base/clock.ts';
import { crlName, crlUrl, shardingOf } from '../../src/revocation/crl/place.ts';
import { READING } from './access.ts';
import { CrlList, listCrls } from './crl-schema.ts';

export const crls: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const { BASE_PATH, PUBLIC_URL } = app.config;
  app.addSchema(CrlList.schema);

  app.get('/:authority/crl', { schema: listCrls, config: READING }, async ({ authorities, params }) => {
    const { authority, keys } = await authorities.show(params.authority);
    const published = (await app.publication?.crls.list()) ?? [];
    const base = shardingOf(authority)?.url ?? PUBLIC_URL;
    return {
      crls: published
        .filter(({ authorityKeyId }) => keys.some(({ id }) => id === authorityKeyId))
        .map((crl) => ({
          key_id: crl.authorityKeyId,
          path: `${BASE_PATH}/crl/${crlName(crl)}.crl`,
          ...(base !== undefined && { url: crlUrl(base, crl) }),
          number: crl.number,
          this_update: rfc3339(crl.thisUpdate),
          next_update: rfc3339(crl.nextUpdate),
          entries: crl.entries,
        })),
    };
  });

  done();
};
