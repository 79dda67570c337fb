import type { FastifyPluginCallbackTypebox, Static } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { BundleContent, BundleFile, BundleFormat } from '../../src/ca/bundle.ts';
import type { DualBundle as Made } from '../../src/ca/dual-bundle.ts';
import { PkiError } from '../../src/base/errors.ts';
import { sizesOfCertificate } from '../../src/ca/sizes.ts';
import type { NotedReading } from '../../src/formats/reading.ts';
import { encodePemString } from '../../src/formats/pem.ts';
import type { Keys } from '../../src/keys/key.ts';
import type { Certificate } from '../../src/x509/certificate.ts';
import { formatOneLine } from '../../src/x509/names/name-text.ts';
import { decodeDistinguishedName } from '../../src/x509/names/distinguished-name.ts';
import { withAccept } from '../wire/certificate-file.ts';
import { CONVERTING } from '../wire/cost.ts';
import { decodeCertificates, decodeKeyFile } from '../wire/decode.ts';
import { preferredType } from '../wire/negotiate.ts';
import { presentNotes } from '../wire/notes.ts';
import { readingOf } from '../wire/reading.ts';
import { presentTransport } from '../wire/size-warnings.ts';
import { Bundle, BundleRequest, makeBundle } from './schema.ts';

type Body = Static<typeof BundleRequest.ref>;

export const bundle: FastifyPluginCallbackTypebox = (app, _options, done) => {
  for (const { schema } of [BundleRequest, Bundle]) app.addSchema(schema);

  app.post('', { schema: makeBundle, config: CONVERTING }, async (request, reply) => {
    const { body, issuer } = request;
    const reading = readingOf(app.config, body);
    const type = preferredFileType(request, reply, body);
    const made = await issuer.bundle({
      format: body.format,
      isArchive: type === ZIP,
      content: () => decodeContent(app.keys, body, reading),
      second: secondContent(app.keys, body, reading),
      choice: {
        encoding: type === PKCS7_DER ? 'der' : body.encoding,
        keyFormat: body.key_format,
        password: body.new_password ?? (body.format === 'pkcs12' ? body.password : undefined),
        mac: body.mac,
        friendlyName: body.friendly_name,
      },
    });
    if (type !== undefined) return reply.sendSecretFile(made.file);
    return reply.sendSecretJson({ ...presentBundle(body.format, made), notes: presentNotes(reading.notes) });
  });

  done();
};

const JSON_TYPE = 'application/json';
const PEM = 'application/x-pem-file';
const ZIP = 'application/zip';
const PKCS7_DER = 'application/pkcs7-mime';

/** The first is that of the file. Nginx reads two files, which only an archive can contain. */
const TYPES: Readonly<Record<BundleFormat, readonly string[]>> = {
  pkcs12: ['application/x-pkcs12'],
  pkcs7: [PEM, PKCS7_DER],
  'pem-chain': ['application/pem-certificate-chain'],
  nginx: [ZIP],
  haproxy: [PEM],
  zip: [ZIP],
};

/** Returns undefined for JSON. Throws a problem 406. */
function preferredFileType(
  { headers: { accept } }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { format, encoding, second_certificate: second }: Body,
): string | undefined {
  const types = (second === undefined ? TYPES[format] : [ZIP]).filter(
    (one) => encoding === undefined || (one === PKCS7_DER) === (encoding === 'der'),
  );
  const available = [JSON_TYPE, ...types];
  const type = preferredType(accept, available);
  reply.header('Vary', withAccept(reply));
  if (type === undefined) reply.refuseAccept(available);
  return type === JSON_TYPE ? undefined : type;
}

/** Certificates inside a PKCS #12 file are used when `certificate` is absent. */
async function decodeContent(keys: Keys, body: Body, reading: NotedReading): Promise<BundleContent> {
  const { certificate, chain } = body;
  const given = {
    certificates:
      certificate === undefined
        ? []
        : decodeCertificates('certificate', certificate, reading.at('certificate')),
    chain: chain === undefined ? [] : decodeCertificates('chain', chain, reading.at('chain')),
    reading,
  };
  const file = await decodeKey(keys, body, reading);
  if (file === undefined || certificate !== undefined) return { ...given, key: file?.key };
  try {
    return { ...given, key: file.key, certificates: certificatesInside(file.certificates, reading) };
  } catch (error) {
    file.key.destroy();
    throw error;
  }
}

/** Undefined without a second certificate. Throws PkiError for a key or chain without its certificate. */
function secondContent(
  keys: Keys,
  body: Body,
  reading: NotedReading,
): (() => Promise<BundleContent>) | undefined {
  const { second_certificate: certificate, second_chain: chain, second_key: key } = body;
  if (certificate !== undefined) return async () => decodeSecond(keys, { ...body, certificate }, reading);
  if (chain === undefined && key === undefined) return undefined;
  throw new PkiError('invalid-key-options', 'A second key or chain needs second_certificate', [
    'second_certificate',
  ]);
}

async function decodeSecond(
  keys: Keys,
  {
    certificate,
    second_chain: chain,
    second_key: text,
    second_password: password,
  }: Body & { certificate: string },
  reading: NotedReading,
): Promise<BundleContent> {
  const certificates = decodeCertificates(
    'second_certificate',
    certificate,
    reading.at('second_certificate'),
  );
  const above =
    chain === undefined ? [] : decodeCertificates('second_chain', chain, reading.at('second_chain'));
  const ofKey = reading.at('second_key');
  const options = { password, passwordMember: 'second_password' };
  const file = text && (await decodeKeyFile(keys, 'second_key', text, ofKey, options));
  return { certificates, chain: above, key: file?.key, reading };
}

const certificatesInside = (ders: readonly Uint8Array[], reading: NotedReading): readonly Certificate[] =>
  ders.length === 0
    ? []
    : decodeCertificates(
        'key',
        ders.map((der) => encodePemString('CERTIFICATE', der)).join(''),
        reading.at('key'),
      );

async function decodeKey(keys: Keys, { key, password }: Body, reading: NotedReading) {
  if (key === undefined) return undefined;
  return decodeKeyFile(keys, 'key', key, reading.at('key'), { password, passwordMember: 'password' });
}

const presentBundle = (
  format: BundleFormat,
  { file, keyFile, certificates, second, configuration }: Made,
) => ({
  format,
  bundle: file.octets,
  file_name: file.name,
  media_type: file.type,
  ...(keyFile && presentKeyFile(keyFile)),
  ...(second && presentSecond(second)),
  ...(configuration && { configuration }),
  certificates: certificates.map(({ subject }) => formatOneLine(decodeDistinguishedName(subject))),
  warnings: warningsOf(certificates),
});

function warningsOf([leaf, ...above]: Made['certificates']) {
  const chain = [leaf.der, ...above.map(({ der }) => der)] as const;
  return presentTransport(sizesOfCertificate(leaf), chain).warnings;
}

const presentKeyFile = ({ octets, name }: BundleFile) => ({
  private_key: octets,
  private_key_file_name: name,
});

const presentSecond = ({ file, keyFile }: NonNullable<Made['second']>) => ({
  second_bundle: file.octets,
  second_file_name: file.name,
  ...(keyFile && { second_private_key: keyFile.octets, second_private_key_file_name: keyFile.name }),
});
