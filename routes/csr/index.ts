import { rfc3339 } from '../../src/base/clock.ts';
import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import { ML_DSA } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import type { KeyWithCsr, IssuedCertificate, SignCsrInput } from '../../src/ca/issuer.ts';
import { atMemberAsync, PkiError } from '../../src/base/errors.ts';
import { INSPECTING, ISSUING } from '../wire/cost.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { presentCertificate, presentKeyPair, presentPem } from '../wire/present.ts';
import {
  components,
  generateCsr,
  inspectCsr,
  signCsr,
  type CsrRequest,
  type CsrSigningRequest,
} from './schema.ts';

export const csr: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post(
    '/generate',
    { schema: generateCsr, config: { ...ISSUING, scope: 'csr:generate' } },
    async ({ body, issuer }, reply) => {
      const { subject, san, security_level: algorithm = DEFAULTS.securityLevel } = body;
      const requested = await issuer.createCsr({ algorithm, subject, san: san ?? undefined });
      try {
        return reply.sendJson(await presentRequestedKey(requested, body));
      } finally {
        requested.key.destroy();
      }
    },
  );

  app.post(
    '/sign',
    { schema: signCsr, config: { ...ISSUING, scope: 'csr:sign' } },
    async ({ body, issuer }, reply) =>
      reply.sendJson(presentSigned(await issuer.signCsr(signingRequest(body)))),
  );

  app.post('/inspect', { schema: inspectCsr, config: INSPECTING }, ({ body }) =>
    atMemberAsync('/csr', async () => app.inspector.request(body.csr)),
  );

  done();
};

const presentRequestedKey = async ({ csr, key }: KeyWithCsr, body: Static<typeof CsrRequest.ref>) => ({
  csr: presentPem('CERTIFICATE REQUEST', csr),
  ...(await presentKeyPair(key, body.key_format)),
  subject: body.subject,
  security_level: body.security_level ?? DEFAULTS.securityLevel,
});

/** Throws PkiError for a path length that nothing would say (RFC 5280 §4.2.1.9). */
function signingRequest(body: Static<typeof CsrSigningRequest.ref>): SignCsrInput {
  const isCa = body.is_ca ?? DEFAULTS.isCa;
  if (body.path_length !== undefined && !isCa) {
    throw new PkiError('invalid-extension', 'goes with is_ca true only', '/path_length');
  }
  return {
    csr: body.csr,
    caCertificate: body.ca_certificate,
    caPrivateKey: body.ca_private_key,
    days: body.days,
    isCa,
    pathLength: body.path_length,
    san: body.san ?? undefined,
  };
}

function presentSigned(signed: IssuedCertificate) {
  const { keyAlgorithm } = signed;
  return {
    certificate: presentCertificate(signed.certificate),
    chain: presentCertificate(signed.certificate, signed.issuerCertificate),
    serial_number: signed.serialNumber,
    not_before: rfc3339(signed.notBefore),
    not_after: rfc3339(signed.notAfter),
    subject: signed.subject,
    issuer: signed.issuer,
    ...(Object.hasOwn(ML_DSA, keyAlgorithm)
      ? { security_level: keyAlgorithm }
      : { key_algorithm: keyAlgorithm }),
    ignored_extensions: signed.ignoredExtensions,
  };
}
