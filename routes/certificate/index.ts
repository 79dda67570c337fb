import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import { rfc3339 } from '../../src/base/clock.ts';
import type { HybridPair } from '../../src/ca/hybrid-pair.ts';
import type { Preview } from '../../src/ca/preview.ts';
import type { Profile } from '../../src/ca/profile.ts';
import type { KeyWithCertificate } from '../../src/ca/self-signed.ts';
import { wholeDaysBetween, type Validity } from '../../src/x509/validity.ts';
import { classicalKeyName } from '../wire/classical-key.ts';
import { INSPECTING, ISSUING, ISSUING_PAIRS } from '../wire/cost.ts';
import { decodeNames } from '../wire/decode.ts';
import { decodeOptions, hasOtherValidity } from '../wire/decode-options.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { inspectedCertificate } from '../wire/inspect.ts';
import { newKeyAlgorithm, presentKeyAlgorithm, type NewKeyAlgorithm } from '../wire/key-algorithm.ts';
import { sendKeyAsFile, type KeyFileReply } from '../wire/key-with-file.ts';
import { sendPairAsFile, type PairFile } from '../wire/pair-file.ts';
import { presentDryRun, presentPreview } from '../wire/present-preview.ts';
import { presentCertificate, presentKeyPair } from '../wire/present.ts';
import { selectProfile } from '../wire/profile.ts';
import { inspectionOf } from '../wire/reading.ts';
import { presentTransport } from '../wire/size-warnings.ts';
import { generateHybridPair, type HybridPairRequest } from './hybrid-schema.ts';
import { components, generateCertificate, inspectCertificate, type CertificateRequest } from './schema.ts';
import { verification } from './verify.ts';

export const certificate: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  const config = { ...ISSUING, scope: 'certs:issue' } as const;
  const pairs = { ...ISSUING_PAIRS, scope: 'certs:issue' } as const;

  app.post('/generate', { schema: generateCertificate, config }, async (request, reply) => {
    const { body, issuer } = request;
    const profile = selectProfile(request, body);
    const input = { ...content(body, profile), algorithm: newKeyAlgorithm(body) };
    if (body.dry_run === true)
      return reply.sendSecretJson(presentDryRun(await issuer.preview.selfSigned(input)));
    const issued = await issuer.selfSigned(input);
    try {
      if (await sendKeyAsFile(request, reply, fileOf(issued, body))) return reply;
      return reply.sendSecretJson(await presentCertifiedKey(issued, body, input.algorithm));
    } finally {
      issued.key.destroy();
    }
  });

  app.post('/hybrid', { schema: generateHybridPair, config: pairs }, async (request, reply) => {
    const { body, issuer } = request;
    const profile = selectProfile(request, body);
    const algorithms = { parameterSet: securityLevel(body), classical: classicalKeyName(body) };
    const input = { ...content(body, profile), ...algorithms, isBound: body.bind };
    if (body.dry_run === true)
      return reply.sendSecretJson(presentHybridDryRun(await issuer.preview.hybridPair(input)));
    const pair = await issuer.hybridPair(input);
    try {
      if (await sendPairAsFile(request, reply, filesOf(pair, body))) return reply;
      return reply.sendSecretJson(await presentHybridPair(pair, body));
    } finally {
      pair.mlDsa.key.destroy();
      pair.classical.key.destroy();
    }
  });

  app.post('/inspect', { schema: inspectCertificate, config: INSPECTING }, async ({ body }) =>
    inspectedCertificate(app.inspector, body.certificate, inspectionOf(app.config, body)),
  );

  app.register(verification);

  done();
};

type Body = Static<typeof CertificateRequest.ref> | Static<typeof HybridPairRequest.ref>;

const securityLevel = (body: Static<typeof HybridPairRequest.ref>) =>
  body.security_level ?? DEFAULTS.securityLevel;

/** What both kinds of generated certificate contain. */
const content = (body: Body, profile: Profile) => ({
  profile,
  names: () => decodeNames(body),
  days: body.days ?? (hasOtherValidity(body) ? undefined : profile.defaultDays),
  pathLength: body.path_length,
  options: () => decodeOptions(body),
});

const fileOf = ({ key, certificate }: KeyWithCertificate, { key_format: format }: Body): KeyFileReply => ({
  key,
  format,
  more: [['CERTIFICATE', certificate]],
  name: 'key-and-certificate',
});

const filesOf = ({ mlDsa, classical }: HybridPair, { key_format: format }: Body): PairFile => ({
  halves: [
    { key: mlDsa.key, der: mlDsa.certificate },
    { key: classical.key, der: classical.certificate },
  ],
  format,
  label: 'CERTIFICATE',
  names: { member: 'fullchain', pem: 'keys-and-certificates', zip: 'certificates' },
});

/** Members of the request that the reply repeats, and the validity. */
const presentRequest = (body: Body, { notBefore, notAfter }: Validity) => ({
  subject: body.subject,
  validity_days: wholeDaysBetween(notBefore, notAfter),
  not_before: rfc3339(notBefore),
  not_after: rfc3339(notAfter),
});

const presentCertifiedKey = async (
  { certificate, key, validity, sizes }: KeyWithCertificate,
  body: Static<typeof CertificateRequest.ref>,
  algorithm: NewKeyAlgorithm,
) => ({
  certificate: presentCertificate(certificate),
  ...(await presentKeyPair(key, body.key_format)),
  ...presentKeyAlgorithm(algorithm),
  ...presentRequest(body, validity),
  ...presentTransport(sizes, [certificate]),
});

async function presentHybridPair(
  { mlDsa, classical }: HybridPair,
  body: Static<typeof HybridPairRequest.ref>,
) {
  const mlDsaKeys = await presentKeyPair(mlDsa.key, body.key_format);
  const classicalKeys = await presentKeyPair(classical.key);
  const ofMlDsa = presentTransport(mlDsa.sizes, [mlDsa.certificate]);
  const ofClassical = presentTransport(classical.sizes, [classical.certificate]);
  return {
    ml_dsa_certificate: presentCertificate(mlDsa.certificate),
    classical_certificate: presentCertificate(classical.certificate),
    ml_dsa_private_key: mlDsaKeys.private_key,
    ml_dsa_public_key: mlDsaKeys.public_key,
    classical_private_key: classicalKeys.private_key,
    classical_public_key: classicalKeys.public_key,
    security_level: securityLevel(body),
    classical_algorithm: body.classical_algorithm,
    ...presentRequest(body, mlDsa.validity),
    sizes: { ml_dsa: ofMlDsa.sizes, classical: ofClassical.sizes },
    warnings: { ml_dsa: ofMlDsa.warnings, classical: ofClassical.warnings },
  };
}

const presentHybridDryRun = ({ mlDsa, classical }: Readonly<Record<keyof HybridPair, Preview>>) => ({
  dry_run: true,
  ml_dsa: presentPreview(mlDsa),
  classical: presentPreview(classical),
});
