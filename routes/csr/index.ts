import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KeyWithCsr } from '../../src/ca/create-csr.ts';
import type { CsrPreview, SignCsrContent, SignCsrInput } from '../../src/ca/sign-csr.ts';
import { PkiError } from '../../src/base/errors.ts';
import type { NotedReading, Reading } from '../../src/formats/reading.ts';
import type { Keys, PrivateKey } from '../../src/keys/key.ts';
import { INSPECTING, ISSUING } from '../wire/cost.ts';
import {
  decodeCertificate,
  decodeCertificates,
  decodeNames,
  decodePrivateKey,
  decodePublicKey,
  decodeRequest,
  decodeSan,
  decodeSubject,
} from '../wire/decode.ts';
import { decodeOptions } from '../wire/decode-options.ts';
import { sendIssuedAsFile } from '../wire/certificate-file.ts';
import { CSR_TYPES } from '../wire/media-types.ts';
import { presentIgnoredNames } from '../wire/ignored-names.ts';
import { newKeyAlgorithm, presentKeyAlgorithm } from '../wire/key-algorithm.ts';
import { sendKeyAsFile, type KeyFileReply } from '../wire/key-with-file.ts';
import { presentNotes } from '../wire/notes.ts';
import { inspectedRequest } from '../wire/inspect.ts';
import { presentDryRun } from '../wire/present-preview.ts';
import { presentKeyPair, presentKeySizes, presentPem } from '../wire/present.ts';
import { chainOf, presentIssued } from '../wire/present-issued.ts';
import { isDefaultProfile, pointingAtProfile, selectProfile } from '../wire/profile.ts';
import { inspectionOf, readingOf } from '../wire/reading.ts';
import { hybrid } from './hybrid.ts';
import { withRelated } from './related.ts';
import { components, generateCsr, inspectCsr, type CsrRequest } from './schema.ts';
import { signCsr, type CsrSigningRequest } from './sign-schema.ts';
import { wishOf } from './wish.ts';

const INSPECTING_CSR = { ...INSPECTING, rawBody: { member: 'csr', types: CSR_TYPES } } as const;

export const csr: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const schema of components) app.addSchema(schema);

  app.post(
    '/generate',
    { schema: generateCsr, config: { ...ISSUING, scope: 'csr:generate' } },
    async (request, reply) => {
      const { body, issuer } = request;
      const input = {
        algorithm: newKeyAlgorithm(body),
        names: () => decodeNames(body),
        wish: wishOf(body),
      };
      const requested = await withRelated(app.keys, body, (related) =>
        issuer.createCsr({ ...input, related }),
      );
      try {
        if (await sendKeyAsFile(request, reply, fileOf(requested, body))) return reply;
        return reply.sendSecretJson(await presentKeyWithCsr(requested, body));
      } finally {
        requested.key.destroy();
      }
    },
  );

  app.post('/sign', { schema: signCsr, config: { ...ISSUING, scope: 'csr:sign' } }, async (request, reply) =>
    sendSigned(app, request, reply),
  );

  app.post('/inspect', { schema: inspectCsr, config: INSPECTING_CSR }, async ({ body }) =>
    inspectedRequest(app.inspector, body.csr, inspectionOf(app.config, body)),
  );

  app.register(hybrid);

  done();
};

const fileOf = (
  { key, csr }: KeyWithCsr,
  { key_format: format }: Static<typeof CsrRequest.ref>,
): KeyFileReply => ({
  key,
  format,
  more: [['CERTIFICATE REQUEST', csr]],
  name: 'key-and-csr',
});

const presentKeyWithCsr = async ({ csr, key, sizes }: KeyWithCsr, body: Static<typeof CsrRequest.ref>) => ({
  csr: presentPem('CERTIFICATE REQUEST', csr),
  ...(await presentKeyPair(key, body.key_format)),
  subject: body.subject,
  ...presentKeyAlgorithm(key.publicKey.algorithm),
  sizes: { csr: sizes.der, ...presentKeySizes(sizes) },
});

type SignRequest = Pick<FastifyRequest, 'requireScope' | 'issuer' | 'headers'> & {
  readonly body: Static<typeof CsrSigningRequest.ref>;
};

async function sendSigned(
  { config, keys }: FastifyInstance,
  request: SignRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { issuer, body } = request;
  const reading = readingOf(config, body);
  const withInput = <Result>(task: (input: SignCsrInput) => Promise<Result>): Promise<Result> =>
    withSigningInput(keys, reading, request, task);
  if (body.dry_run === true)
    return reply.sendSecretJson(presentCsrDryRun(await withInput((input) => issuer.preview.signCsr(input))));
  const issued = await withInput((input) => issuer.signCsr(input));
  if (sendIssuedAsFile(request, reply, chainOf(issued))) return reply;
  return reply.sendSecretJson(presentIssued(issued));
}

/** Runs `task` with what the request says. The key of the CA is destroyed before this returns. */
async function withSigningInput<Result>(
  keys: Keys,
  reading: NotedReading,
  request: SignRequest,
  task: (input: SignCsrInput) => Promise<Result>,
): Promise<Result> {
  const { body } = request;
  const { days, path_length: pathLength } = body;
  const profile = selectProfile(request, body);
  let signer: PrivateKey | undefined;
  const content = async (): Promise<SignCsrContent> => {
    const { certificates, ...decoded } = decodeContent(body, reading);
    const ofSigner = reading.at('authority').at('signer');
    const password = body.ca_private_key_password;
    signer = await decodePrivateKey(keys, 'ca_private_key', body.ca_private_key, ofSigner, { password });
    return { ...decoded, authority: { certificates, signer }, reading };
  };
  const input = { profile, isDefaultProfile: isDefaultProfile(body), days, pathLength, content };
  try {
    return await pointingAtProfile(body, () => task(input));
  } finally {
    signer?.destroy();
  }
}

const decodeContent = (body: SignRequest['body'], reading: Reading) => ({
  ...decodeCertified(body, reading),
  subjectAltNames: decodeSan(body),
  allowUnderscore: body.dns_underscore,
  options: decodeOptions(body),
  relatedCertificate: decodeRelated(body, reading),
  certificates: decodeCertificates(
    'ca_certificate',
    body.ca_certificate,
    reading.at('authority').at('certificate'),
  ),
});

/** It has no CSR to name it when the key is given alone. Throws PkiError. */
function decodeRelated({ csr, related_certificate: text }: SignRequest['body'], reading: Reading) {
  if (text === undefined) return undefined;
  if (csr !== undefined)
    return decodeCertificate('related_certificate', text, reading.at('relatedCertificate'));
  throw new PkiError('invalid-order', 'It is allowed with csr only', ['relatedCertificate']);
}

/** Throws PkiError unless the key and its names are given in one way. */
function decodeCertified({ csr, public_key, subject }: SignRequest['body'], reading: Reading) {
  if (csr === undefined && public_key === undefined)
    throw new PkiError('invalid-order', 'It is required, or else public_key with subject or san', ['csr']);
  if (csr === undefined)
    return {
      givenKey: { publicKey: decodePublicKey(public_key ?? '', reading), subject: decodeSubject(subject) },
    };
  const [other] = Object.entries({ public_key, subject }).filter(([, value]) => value !== undefined);
  if (other !== undefined)
    throw new PkiError(
      'invalid-order',
      `It is not allowed with csr, which has a ${OWN[other[0]]} of its own`,
      [other[0]],
    );
  return { request: decodeRequest('csr', csr, reading.at('request')) };
}

const OWN: Readonly<Record<string, string>> = Object.freeze({ public_key: 'key', subject: 'subject' });

const presentCsrDryRun = ({ notes, ignoredNames, ...preview }: CsrPreview) => ({
  ...presentDryRun(preview),
  ignored_names: presentIgnoredNames(ignoredNames),
  notes: presentNotes(notes),
});
