/** Revocation. A service without a store refuses every request here. */

import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import { decodeReference, decodeTerms } from './decode.ts';
import { presentReleased, presentRevoked, presentRevokedAuthority } from './present.ts';
import {
  components,
  releaseCertificate,
  revokeAuthority,
  revokeCertificate,
  revokeIssued,
} from './schema.ts';

/** Who may issue may revoke what it requested. */
const REVOKING = Object.freeze({ scope: Object.freeze(['certs:revoke', 'certs:issue'] as const) });

export const revocation: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post(
    '/certificates/:id/revoke',
    { schema: revokeCertificate, config: REVOKING },
    async ({ revocations, revoker, params: { id }, body }) =>
      presentRevoked(
        await revocations.revoke({ ...decodeTerms(body), revoker, reference: () => ({ by: 'id', id }) }),
      ),
  );

  app.post(
    '/certificates/:id/release',
    { schema: releaseCertificate, config: REVOKING },
    async ({ revocations, revoker, params: { id } }) =>
      presentReleased(await revocations.release({ revoker, reference: () => ({ by: 'id', id }) })),
  );

  app.post(
    '/authorities/:authority/revoke',
    { schema: revokeIssued, config: REVOKING },
    async ({ revocations, revoker, params: { authority }, body }) =>
      presentRevoked(
        await revocations.revoke({
          ...decodeTerms(body),
          revoker,
          authority,
          reference: () => decodeReference(authority, body),
        }),
      ),
  );

  app.post(
    '/authorities/:authority/certificate/revoke',
    { schema: revokeAuthority, config: { scope: 'certs:revoke' } },
    async ({ revocations, revoker, params: { authority }, body }) =>
      presentRevokedAuthority(
        await revocations.revokeAuthority({ ...decodeTerms(body), revoker, authority }),
      ),
  );

  done();
};
