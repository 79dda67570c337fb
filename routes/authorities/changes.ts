import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { MANAGING } from './access.ts';
import { decodeBroughtCertificate, decodeContent } from './decode.ts';
import { isKeyAlgorithm } from './members.ts';
import {
  disableAuthority,
  enableAuthority,
  importAuthorityCertificate,
  rotateAuthority,
} from './operations.ts';
import { presentAuthority } from './present.ts';

export const changes: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.post(
    '/:authority/certificate',
    { schema: importAuthorityCertificate, config: MANAGING },
    async ({ authorities, params, body, caller }) =>
      presentAuthority(
        await authorities.importCertificate({
          authority: params.authority,
          caller,
          content: () => decodeBroughtCertificate(body),
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

  for (const [path, schema, status] of [
    ['/:authority/enable', enableAuthority, 'enabled'],
    ['/:authority/disable', disableAuthority, 'disabled'],
  ] as const)
    app.post(path, { schema, config: MANAGING }, async ({ authorities, params, caller }) =>
      presentAuthority(await authorities.setStatus({ authority: params.authority, caller, status })),
    );

  done();
};
