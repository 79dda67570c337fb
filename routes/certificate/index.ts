import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import type { HybridPair, KeyWithCertificate } from '../../src/ca/self-signed.ts';
import { INSPECTING, ISSUING, ISSUING_PAIRS } from '../wire/cost.ts';
import { decodeCertificate, decodeNames } from '../wire/decode.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { presentCertificateDescription } from '../wire/present-description.ts';
import { presentCertificate, presentKeyPair } from '../wire/present.ts';
import { selectProfile } from '../wire/profile.ts';
import { classicalKeyName } from './classical-key.ts';
import {
  components,
  generateCertificate,
  generateHybridPair,
  inspectCertificate,
  type CertificateRequest,
  type HybridPairRequest,
} from './schema.ts';

export const certificate: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  const config = { ...ISSUING, scope: 'certs:issue' } as const;
  const pairs = { ...ISSUING_PAIRS, scope: 'certs:issue' } as const;

  app.post('/generate', { schema: generateCertificate, config }, async (request, reply) => {
    const { body, issuer } = request;
    const profile = selectProfile(request, body);
    const issued = await issuer.selfSigned({ ...content(body), profile, algorithm: securityLevel(body) });
    try {
      return reply.sendSecretJson(await presentCertifiedKey(issued, body));
    } finally {
      issued.key.destroy();
    }
  });

  app.post('/hybrid', { schema: generateHybridPair, config: pairs }, async (request, reply) => {
    const { body, issuer } = request;
    const profile = selectProfile(request, body);
    const algorithms = { parameterSet: securityLevel(body), classical: classicalKeyName(body) };
    const pair = await issuer.hybridPair({ ...content(body), profile, ...algorithms });
    try {
      return reply.sendSecretJson(await presentHybridPair(pair, body));
    } finally {
      pair.mlDsa.key.destroy();
      pair.classical.key.destroy();
    }
  });

  app.post('/inspect', { schema: inspectCertificate, config: INSPECTING }, async ({ body }) =>
    presentCertificateDescription(
      await app.inspector.certificate(decodeCertificate('certificate', body.certificate)),
    ),
  );

  done();
};

type Body = Static<typeof CertificateRequest.ref> | Static<typeof HybridPairRequest.ref>;

const securityLevel = (body: Body) => body.security_level ?? DEFAULTS.securityLevel;

/** What both kinds of generated certificate contain. */
const content = (body: Body) => ({ names: () => decodeNames(body), days: body.days ?? DEFAULTS.days });

/** Members of the request that the reply repeats. */
const presentRequest = (body: Body) => ({
  security_level: securityLevel(body),
  subject: body.subject,
  validity_days: body.days ?? DEFAULTS.days,
});

const presentCertifiedKey = async (
  { certificate, key }: KeyWithCertificate,
  body: Static<typeof CertificateRequest.ref>,
) => ({
  certificate: presentCertificate(certificate),
  ...(await presentKeyPair(key, body.key_format)),
  ...presentRequest(body),
});

async function presentHybridPair(
  { mlDsa, classical }: HybridPair,
  body: Static<typeof HybridPairRequest.ref>,
) {
  const mlDsaKeys = await presentKeyPair(mlDsa.key, body.key_format);
  const classicalKeys = await presentKeyPair(classical.key);
  return {
    ml_dsa_certificate: presentCertificate(mlDsa.certificate),
    classical_certificate: presentCertificate(classical.certificate),
    ml_dsa_private_key: mlDsaKeys.private_key,
    ml_dsa_public_key: mlDsaKeys.public_key,
    classical_private_key: classicalKeys.private_key,
    classical_public_key: classicalKeys.public_key,
    classical_algorithm: body.classical_algorithm,
    ...presentRequest(body),
  };
}
