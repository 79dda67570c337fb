import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { activeCertificate } from '../../src/authorities/active-certificate.ts';
import { requireReadableKeys } from '../../src/authorities/describe-key.ts';
import { sendAsFile } from '../wire/certificate-file.ts';
import { READING } from './access.ts';
import {
  listAuthorities,
  listReservations,
  readAuthority,
  readAuthorityCertificate,
  readAuthorityChain,
} from './operations.ts';
import { presentAuthority, presentReservation } from './present.ts';

export const views: FastifyPluginCallbackTypebox = (app, _options, done) => {
  app.get('', { schema: listAuthorities, config: READING }, async ({ authorities, query }) => {
    const { limit = 100, after } = query;
    const page = await authorities.list({ limit, ...(after !== undefined && { after }) });
    const last = page.at(-1)?.authority.name;
    return {
      authorities: page.map(presentAuthority),
      ...(page.length === limit && last !== undefined && { next: last }),
    };
  });

  // A list shows the other authorities, but a caller who asks for one learns what is wrong with it.
  app.get('/:authority', { schema: readAuthority, config: READING }, async ({ authorities, params }) => {
    const shown = await authorities.show(params.authority);
    requireReadableKeys(shown);
    return presentAuthority(shown);
  });

  for (const [path, schema, isChain] of [
    ['/:authority/certificate', readAuthorityCertificate, false],
    ['/:authority/chain', readAuthorityChain, true],
  ] as const)
    app.get(path, { schema, config: READING }, async (request, reply) => {
      const shown = await request.authorities.show(request.params.authority);
      requireReadableKeys({ ...shown, keys: shown.keys.filter(({ state }) => state === 'active') });
      const { certificate, chain } = activeCertificate(shown);
      if (sendAsFile(request, reply, isChain ? [certificate, ...chain] : [certificate], isChain))
        return reply;
      return presentAuthority(shown);
    });

  app.get(
    '/:authority/reservations',
    { schema: listReservations, config: { scope: 'authorities:manage' } },
    async ({ authorities, params }) => {
      const open = await authorities.reservations(params.authority);
      return { reservations: open.map(presentReservation) };
    },
  );

  done();
};
