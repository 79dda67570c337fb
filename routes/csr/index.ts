import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import type { CertificateWish, KeyWithCsr } from '../../src/ca/create-csr.ts';
import type { SignCsrContent, SignCsrInput } from '../../src/ca/sign-csr.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { INSPECTING, ISSUING } from '../wire/cost.ts';
import {
  decodeCertificate,
  decodeNames,
  decodePrivateKey,
  decodeRequest,
  decodeSan,
} from '../wire/decode.ts';
import { decodeOptions } from '../wire/decode-options.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { presentRequestDescription } from '../wire/present-description.ts';
import { presentDryRun } from '../wire/present-preview.ts';
import { presentKeyPair, presentKeySizes, presentPem } from '../wire/present.ts';
import { presentIssued } from '../wire/present-issued.ts';
import { pointingAtProfile, requestedProfile, selectProfile } from '../wire/profile.ts';
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
      const { security_level: algorithm = DEFAULTS.securityLevel } = body;
      const requested = await issuer.createCsr({
        algorithm,
        names: () => decodeNames(body),
        wish: wishOf(body),
      });
      try {
        return reply.sendSecretJson(await presentKeyWithCsr(requested, body));
      } finally {
        requested.key.destroy();
      }
    },
  );

  app.post(
    '/sign',
    { schema: signCsr, config: { ...ISSUING, scope: 'csr:sign' } },
    async (request, reply) => {
      const { issuer, body } = request;
      return reply.sendSecretJson(
        body.dry_run === true
          ? presentDryRun(await withSigningInput(app.keys, request, (input) => issuer.preview.signCsr(input)))
          : presentIssued(await withSigningInput(app.keys, request, (input) => issuer.signCsr(input))),
      );
    },
  );

  app.post('/inspect', { schema: inspectCsr, config: INSPECTING }, async ({ body }) =>
    presentRequestDescription(await app.inspector.request(decodeRequest('csr', body.csr))),
  );

  done();
};

/** What the CSR asks for beside its names, when a member says so. */
function wishOf(body: Static<typeof CsrRequest.ref>): CertificateWish | undefined {
  const { profile, key_usage, extended_key_usage, path_length, name_constraints, extensions } = body;
  const members = [profile, key_usage, extended_key_usage, path_length, name_constraints, extensions];
  if (members.every((member) => member === undefined)) return undefined;
  return {
    profile: requestedProfile(body),
    pathLength: path_length,
    options: () => decodeOptions(body),
  };
}

const presentKeyWithCsr = async ({ csr, key, sizes }: KeyWithCsr, body: Static<typeof CsrRequest.ref>) => ({
  csr: presentPem('CERTIFICATE REQUEST', csr),
  ...(await presentKeyPair(key, body.key_format)),
  subject: body.subject,
  security_level: body.security_level ?? DEFAULTS.securityLevel,
  sizes: { csr: sizes.der, ...presentKeySizes(sizes) },
});

type SignRequest = Pick<FastifyRequest, 'requireScope'> & {
  readonly body: Static<typeof CsrSigningRequest.ref>;
};

/** Runs `task` with what the request says. The key of the CA is destroyed before this returns. */
async function withSigningInput<Result>(
  keys: Keys,
  request: SignRequest,
  task: (input: SignCsrInput) => Promise<Result>,
): Promise<Result> {
  const { body } = request;
  const { days, path_length: pathLength } = body;
  const profile = selectProfile(request, body);
  let signer: PrivateKey | undefined;
  const content = async (): Promise<SignCsrContent> => {
    const decoded = decodeContent(body);
    signer = await decodePrivateKey(keys, 'ca_private_key', body.ca_private_key);
    return { ...decoded, authority: { certificate: decoded.certificate, signer } };
  };
  try {
    return await pointingAtProfile(body, () => task({ profile, days, pathLength, content }));
  } finally {
    signer?.destroy();
  }
}

const decodeContent = (body: SignRequest['body']) => ({
  request: decodeRequest('csr', body.csr),
  subjectAltNames: decodeSan(body.san),
  options: decodeOptions(body),
  certificate: decodeCertificate('ca_certificate', body.ca_certificate),
});
