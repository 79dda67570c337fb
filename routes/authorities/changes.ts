import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { MANAGING } from './access.ts';
import { decodeBroughtCertificates, decodeContent } from './decode.ts';
import { isKeyAlgorithm } from './members.ts';
import {
  allowAuthorityProfiles,
  disableAuthority,
  enableAuthority,
  importAuthorityCertificate,
  rotateAuthority,
} from './operations.ts';
import { readingOf } from '../wire/reading.ts';
import { presentAuthority, presentImported } from './present.ts';

export const changes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.post(
    '/:authority/certificate',
    { schema: importAuthorityCertificate, config: MANAGING },
    async ({ authorities, params, body, caller }) =>
      presentImported(
        await authorities.importCertificate({
          authority: params.authority,
          caller,
          content: () => decodeBroughtCertificates(body, readingOf(app.config, body)),
        }),
      ),
  );

  app.post(
    '/:authority/rotate',
    { schema: rotateAuthority, config: MANAGING },
    async ({ authorities, params, body, caller }) =>
      presentAuthority(
        await authorities.rotate({
          authority: params.authority,
          caller,
          algorithm: body.key_algorithm,
          issuer: body.signed_elsewhere === true ? { is: 'elsewhere' } : undefined,
          days: body.days,
          pathLength: body.path_length,
          options: () => decodeContent(body),
          isAlgorithm: isKeyAlgorithm,
        }),
      ),
  );

  done();
};

/** What an authority may issue, without a new key or certificate. */
export const choices: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.put(
    '/:authority/profiles',
    { schema: allowAuthorityProfiles, config: MANAGING },
    async ({ authorities, params, body, caller }) =>
      presentAuthority(
        await authorities.allowProfiles({
          authority: params.authority,
          caller,
          profiles: body.profiles ?? undefined,
        }),
      ),
  );

  for (const [path, schema, status] of [
    ['/:authority/enable', enableAuthority, 'enabled'],
    ['/:authority/disable', disableAuthority, 'disabled'],
  ] as const)
    app.post(path, { schema, config: MANAGING }, async ({ authorities, params, caller }) =>
      presentAuthority(await authorities.setStatus({ authority: params.authority, caller, status })),
    );

  done();
};
