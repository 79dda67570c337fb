import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IssuedOrder } from '../../src/authorities/issued-order.ts';
import type { KeyFormat } from '../../src/keys/key.ts';
import { sendIssuedAsFile } from '../wire/certificate-file.ts';
import { ISSUING } from '../wire/cost.ts';
import { repeatableRequest } from '../wire/idempotency-key.ts';
import { sendKeyAsFile } from '../wire/key-with-file.ts';
import { presentIssued } from '../wire/present-issued.ts';
import { presentDryRun } from '../wire/present-preview.ts';
import { presentKeyPair } from '../wire/present.ts';
import { findProfile, isDefaultProfile, pointingAtProfile } from '../wire/profile.ts';
import { readingOf } from '../wire/reading.ts';
import { checkOrder, decodeOrder, predecessorOf } from './decode-order.ts';
import { orderCertificate, orderComponents } from './order-schema.ts';

export const certificates: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of orderComponents) app.addSchema(schema);

  app.post(
    '/:authority/certificates',
    { schema: orderCertificate, config: { ...ISSUING, scope: 'certs:issue' } },
    async (request, reply) => {
      const { authorities, body, caller, headers, params } = request;
      const { authority } = params;
      checkOrder(body);
      const predecessor = predecessorOf(body);
      const repeatable = repeatableRequest(
        headers,
        `POST /api/v1/authorities/${authority}/certificates`,
        body,
      );
      const order = {
        authority,
        caller,
        predecessor,
        profile: predecessor ? undefined : await findProfile(authorities, body),
        isDefaultProfile: predecessor === undefined && isDefaultProfile(body),
        days: body.days,
        pathLength: body.path_length,
        content: () => decodeOrder(body, readingOf(app.config, body)),
      };
      if (body.dry_run === true) {
        const preview = await pointingAtProfile(body, () => authorities.preview(order));
        return reply.sendSecretJson(presentDryRun(preview));
      }
      const issued = await pointingAtProfile(body, () => authorities.issue({ ...order, repeatable }));
      try {
        if (await sendOrderAsFile(request, reply.code(201), issued, body.key_format)) return reply;
        return reply.sendSecretJson(await presentOrder(issued, body.key_format));
      } finally {
        issued.key?.destroy();
      }
    },
  );

  done();
};

/** Of a new key, the file has the key too. */
async function sendOrderAsFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { key, certificate, chain }: IssuedOrder,
  format: KeyFormat | undefined,
): Promise<boolean> {
  const certificates = [certificate, ...chain];
  if (key === undefined) return sendIssuedAsFile(request, reply, certificates);
  const more = certificates.map((der) => ['CERTIFICATE', der] as const);
  return sendKeyAsFile(request, reply, { key, format, more, name: 'key-and-chain' });
}

async function presentOrder(issued: IssuedOrder, format: KeyFormat | undefined) {
  return {
    id: issued.id,
    authority_id: issued.authorityId,
    profile: issued.profile,
    profile_version: issued.profileVersion,
    ...(issued.key && (await presentKeyPair(issued.key, format))),
    ...presentIssued({ ...issued, chain: [issued.certificate, ...issued.chain] }),
  };
}
