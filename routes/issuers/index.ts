/** The certificates of the stored authorities, at the URLs that certificates name as caIssuers (RFC 5280 §4.2.2.1). */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { PUBLISHED } from '../wire/cost.ts';
import { CERTIFICATE_TYPE, readIssuer } from './schema.ts';

/** One day, in seconds. The certificate of a key never changes. */
const MAX_AGE = 86_400;

export const issuers: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get('/:file', { schema: readIssuer, config: PUBLISHED }, async ({ params }, reply) => {
    const [, id] = /^([^.]+)\.cer$/.exec(params.file) ?? [];
    const found = id === undefined ? undefined : await app.publication?.issuers.find(id);
    if (found === undefined) return reply.callNotFound();
    return reply.sendPublication({
      type: CERTIFICATE_TYPE,
      octets: found.certificate.der,
      tag: Buffer.from(found.sha256).toString('hex'),
      lastModified: found.certificate.validity.notBefore,
      maxAge: MAX_AGE,
    });
  });

  done();
};
