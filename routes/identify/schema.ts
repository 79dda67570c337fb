import { Type } from 'typebox';
import { ENCODINGS } from '../../src/identify/found.ts';
import { PART_TYPES, RELATIONS } from '../../src/identify/part-types.ts';
import { component } from '../wire/component.ts';
import { octets, text } from '../wire/description.ts';
import { EXAMPLE, IDENTIFICATION } from '../wire/examples.ts';
import { anyData, instant, STRICT } from '../wire/fields.ts';
import { RAW_TYPES } from '../wire/media-types.ts';

export const IdentifyRequest = component(
  'IdentifyRequest',
  Type.Object(
    {
      data: anyData(
        'Anything: PEM with any label and several blocks, DER, PKCS #12, PKCS #7 or a JSON Web Key, as text or in base64, ' +
          'base64url or hexadecimal. It can be a private key: it is not stored, logged or returned.',
      ),
    },
    {
      ...STRICT,
      description: 'The data to identify.',
      examples: [
        { data: EXAMPLE.certificate },
        { data: EXAMPLE.caPrivateKey },
        {
          data: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDU3d1gPwmPn1kSxFlFFU5mLyhAiS0UeQT3eXrkiNHrm me@example.com',
        },
      ],
    },
  ),
);

const optional = (description: string) => Type.Optional(text(description));
const time = (description: string) => Type.Optional(instant(description));
const lines = (description: string) => Type.Optional(Type.Array(Type.String(), { description }));

const facts = Type.Object(
  {
    subject: optional('OpenSSL one-line form.'),
    issuer: optional('OpenSSL one-line form.'),
    serial_number: optional('Capital hexadecimal.'),
    not_before: time('Start of validity.'),
    not_after: time('Last second of validity.'),
    this_update: time('When a CRL or OCSP response was issued.'),
    next_update: time('When the next CRL or OCSP response is due.'),
    is_ca: Type.Optional(Type.Boolean({ description: 'Whether the certificate is that of a CA.' })),
    san: lines('The first subject alternative names.'),
    algorithm: optional('Algorithm of the key, such as `ml-dsa-65` or `rsa-3072`.'),
    signature_algorithm: optional('Algorithm of the signature.'),
    form: optional('Form of an ML-DSA private key (RFC 9881 §6): `seed`, `expanded` or `both`.'),
    key_identifier: optional('Identifier of the public key (RFC 7093 §2 method 1).'),
    public_key_sha256: optional(
      'SHA-256 of the SubjectPublicKeyInfo: parts with the same value belong to the same key.',
    ),
    sha256: optional('SHA-256 of the DER.'),
    encryption: optional('What encrypts it: the scheme, the derivation of the key and its iterations.'),
    integrity: optional('What protects a PKCS #12 file against changes.'),
    entries: Type.Optional(Type.Integer({ minimum: 0, description: 'Number of entries of a CRL.' })),
    contents: lines('What is inside.'),
    possibly: optional('What octets without structure can be, by their length.'),
    begins: optional('Whether unknown data are text, and their first octet.'),
  },
  { ...STRICT, description: 'What is in it, as far as it is known.' },
);

const codeAndMessage = {
  code: text('Kind, for programs.'),
  message: text('In words.'),
  where: optional('The place, such as `octet 7` or a member by its name in ASN.1.'),
};

const part = Type.Object(
  {
    type: Type.Enum(PART_TYPES, { type: 'string', description: 'What it is.' }),
    title: text('What it is, in words.'),
    relation: Type.Enum(RELATIONS, {
      type: 'string',
      description:
        '`supported`: the routes of this service read it. `related`: it must be converted first. `foreign`: it belongs to another system.',
    }),
    encodings: Type.Array(Type.Enum(ENCODINGS, { type: 'string' }), {
      description: 'How it is written, from the outside to the inside.',
    }),
    label: optional('Label of a PEM block.'),
    inside: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Index of the part that it is inside of, such as a PKCS #7 file.',
      }),
    ),
    size: octets('Length of its DER, or of what is not DER'),
    facts,
    problem: Type.Optional(
      Type.Object(codeAndMessage, { ...STRICT, description: 'Why it cannot be read, or only in part.' }),
    ),
    next: text('What to do with it.'),
    notes: Type.Array(Type.Object(codeAndMessage, STRICT), {
      description: 'Deviations that were read although the standard forbids them. Usually empty.',
    }),
  },
  STRICT,
);

export const Identification = component(
  'Identification',
  Type.Object(
    {
      parts: Type.Array(part, {
        description: 'The parts in the order of the data; those inside others follow.',
      }),
      complete: Type.Boolean({ description: 'Whether all parts are listed: at most 32 are.' }),
    },
    { ...STRICT, description: 'What the data are.', examples: [IDENTIFICATION] },
  ),
);

export const components = [IdentifyRequest.schema, Identification.schema];

export const identifyData = {
  operationId: 'identifyData',
  tags: ['identify'],
  summary: 'Say what a file is',
  description:
    'For data of any kind: what each part is, how it is written, what is in it, and what to do with it. The body can also be ' +
    'the file itself, with one of the media types below. Private keys are not stored, logged or returned.',
  consumes: ['application/json', ...RAW_TYPES],
  body: IdentifyRequest.ref,
  response: { 200: Identification.ref },
};
