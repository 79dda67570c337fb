/** The CRLs of the stored authorities, at the URLs that certificates name (RFC 5280 §4.2.1.13). */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { PkiError } from '../../src/base/errors.ts';
import type { PublishedCrl } from '../../src/revocation/crl/published-crls.ts';
import { PUBLISHED } from '../wire/cost.ts';
import { CRL_TYPES, readCrl } from './schema.ts';

export const crl: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get('/:file', { schema: readCrl, config: PUBLISHED }, async ({ params }, reply) => {
    const [, name = '', form] = FILE.exec(params.file) ?? [];
    const { publication } = app;
    const found = form === undefined ? undefined : await publication?.findCrl(name);
    if (found === undefined || publication === undefined) return reply.callNotFound();
    if (found === 'ended') throw new PkiError('store-unavailable', UNAVAILABLE);
    const left = (found.nextUpdate.getTime() - publication.now().getTime()) / 1000;
    const maxAge = Math.min(left, app.config.CRL_MAX_AGE);
    return reply.sendPublication(await publicationOf(found, form === 'pem', maxAge));
  });

  done();
};

const FILE = /^([^.]+)\.(crl|pem)$/;

const UNAVAILABLE = 'The CRL has ended, and the store has no newer one at present';

/** `maxAge` in seconds. */
async function publicationOf(crl: PublishedCrl, isPem: boolean, maxAge: number) {
  const digest = Buffer.from(crl.sha256).toString('hex');
  return {
    type: isPem ? CRL_TYPES.pem : CRL_TYPES.der,
    octets: isPem ? await crl.pem() : crl.der,
    tag: isPem ? `${digest}-pem` : digest,
    lastModified: crl.thisUpdate,
    maxAge,
  };
}
