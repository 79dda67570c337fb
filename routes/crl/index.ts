/** The CRLs of the stored authorities, at the URLs that certificates name (RFC 5280 §4.2.1.13). */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { PkiError } from '../../src/base/errors.ts';
import type { PublishedCrl } from '../../src/revocation/crl/published-crls.ts';
import { PUBLISHED } from '../wire/cost.ts';
import { CRL_TYPES, readCrl } from './schema.ts';

export const crl: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get('/:file', { schema: readCrl, config: PUBLISHED }, async ({ params }, reply) => {
    const [, name = '', form] = FILE.exec(params.file) ?? [];
    const found = form === undefined ? undefined : await app.publication?.crls.find(name);
    if (found === undefined) return reply.callNotFound();
    if (found === 'ended') throw new PkiError('store-unavailable', UNAVAILABLE);
    return reply.sendPublication(await publicationOf(found, form === 'pem', app.config.CRL_MAX_AGE));
  });

  done();
};

const FILE = /^([^.]+)\.(crl|pem)$/;

const UNAVAILABLE = 'The CRL has ended, and the store has no newer one at present';

/** `maxAge` in seconds. */
async function publicationOf(crl: PublishedCrl, isPem: boolean, maxAge: number) {
  const digest = Buffer.from(crl.sha256).toString('hex');
  const left = (crl.nextUpdate.getTime() - Date.now()) / 1000;
  return {
    type: isPem ? CRL_TYPES.pem : CRL_TYPES.der,
    octets: isPem ? await crl.pem() : crl.der,
    tag: isPem ? `${digest}-pem` : digest,
    lastModified: crl.thisUpdate,
    maxAge: Math.min(maxAge, left),
  };
}
