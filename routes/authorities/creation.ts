import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { AuthorityWithKeys } from '../../src/authorities/create-authority.ts';
import { decodeNames } from '../wire/decode.ts';
import { repeatableRequest } from '../wire/idempotency-key.ts';
import { MANAGING } from './access.ts';
import { AUTHORITY_DEFAULTS, decodeBrought, decodeContent, issuerOf } from './decode.ts';
import { createAuthority, importAuthority } from './operations.ts';
import { readingOf } from '../wire/reading.ts';
import { presentAuthority, presentImported } from './present.ts';

export const creation: FastifyPluginCallbackTypebox = (app, _options, done) => {
  const pathOf = ({ authority }: AuthorityWithKeys): string =>
    `${app.config.BASE_PATH}/api/v1/authorities/${authority.id}`;

  app.post('', { schema: createAuthority, config: MANAGING }, async (request, reply) => {
    const { body, headers, caller } = request;
    const { name, days, path_length: pathLength } = body;
    const created = await request.authorities.create({
      caller,
      name,
      algorithm: body.key_algorithm ?? AUTHORITY_DEFAULTS.keyAlgorithm,
      issuer: issuerOf(body),
      names: () => decodeNames({ subject: body.subject }),
      days,
      pathLength,
      profiles: body.profiles,
      crlShards: body.crl_shards,
      options: () => decodeContent(body),
      repeatable: repeatableRequest(headers, 'POST /api/v1/authorities', body),
    });
    return reply.code(201).header('Location', pathOf(created)).send(presentAuthority(created));
  });

  app.post('/import', { schema: importAuthority, config: MANAGING }, async (request, reply) => {
    const { body, caller } = request;
    const content = () => decodeBrought(app.keys, body, readingOf(app.config, body));
    const created = await request.authorities.import({
      caller,
      name: body.name,
      profiles: body.profiles,
      content,
    });
    return reply.code(201).header('Location', pathOf(created)).send(presentImported(created));
  });

  done();
};
