import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { ML_DSA } from '../../src/algorithms/ml-dsa/parameter-sets.ts';
import { rfc3339 } from '../../src/base/clock.ts';
import type { KeyWithCsr } from '../../src/ca/create-csr.ts';
import type { IssuedCertificate, SignCsrContent } from '../../src/ca/sign-csr.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { formatOneLine } from '../../src/x509/names/name-text.ts';
import { INSPECTING, ISSUING } from '../wire/cost.ts';
import {
  decodeCertificate,
  decodeNames,
  decodePrivateKey,
  decodeRequest,
  decodeSan,
} from '../wire/decode.ts';
import { DEFAULTS } from '../wire/fields.ts';
import { presentRequestDescription } from '../wire/present-description.ts';
import { presentCertificate, presentKeyPair, presentPem } from '../wire/present.ts';
import { selectProfile } from '../wire/profile.ts';
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
      const requested = await issuer.createCsr({ algorithm, names: () => decodeNames(body) });
      try {
        return reply.sendSecretJson(await presentKeyWithCsr(requested, body));
      } finally {
        requested.key.destroy();
      }
    },
  );

  app.post('/sign', { schema: signCsr, config: { ...ISSUING, scope: 'csr:sign' } }, async (request, reply) =>
    reply.sendSecretJson(presentIssued(await sign(app.keys, request))),
  );

  app.post('/inspect', { schema: inspectCsr, config: INSPECTING }, async ({ body }) =>
    presentRequestDescription(await app.inspector.request(decodeRequest('csr', body.csr))),
  );

  done();
};

const presentKeyWithCsr = async ({ csr, key }: KeyWithCsr, body: Static<typeof CsrRequest.ref>) => ({
  csr: presentPem('CERTIFICATE REQUEST', csr),
  ...(await presentKeyPair(key, body.key_format)),
  subject: body.subject,
  security_level: body.security_level ?? DEFAULTS.securityLevel,
});

type SignRequest = Pick<FastifyRequest, 'issuer' | 'requireScope'> & {
  readonly body: Static<typeof CsrSigningRequest.ref>;
};

/** The key of the CA is destroyed before this returns. */
async function sign(keys: Keys, request: SignRequest): Promise<IssuedCertificate> {
  const { body, issuer } = request;
  const { days, path_length: pathLength } = body;
  const profile = selectProfile(request, body);
  let signer: PrivateKey | undefined;
  const content = async (): Promise<SignCsrContent> => {
    const decoded = decodeContent(body);
    signer = await decodePrivateKey(keys, 'ca_private_key', body.ca_private_key);
    return { ...decoded, authority: { certificate: decoded.certificate, signer } };
  };
  try {
    return await issuer.signCsr({ profile, days, pathLength, content });
  } finally {
    signer?.destroy();
  }
}

const decodeContent = (body: SignRequest['body']) => ({
  request: decodeRequest('csr', body.csr),
  subjectAltNames: decodeSan(body.san),
  certificate: decodeCertificate('ca_certificate', body.ca_certificate),
});

function presentIssued(issued: IssuedCertificate) {
  const { certificate, validity, keyAlgorithm } = issued;
  return {
    certificate: presentCertificate(certificate),
    chain: presentCertificate(certificate, issued.issuerCertificate),
    serial_number: issued.serialNumber,
    not_before: rfc3339(validity.notBefore),
    not_after: rfc3339(validity.notAfter),
    subject: formatOneLine(issued.subject),
    issuer: formatOneLine(issued.issuer),
    ...(Object.hasOwn(ML_DSA, keyAlgorithm)
      ? { security_level: keyAlgorithm }
      : { key_algorithm: keyAlgorithm }),
    ignored_extensions: issued.ignoredExtensions,
  };
}
