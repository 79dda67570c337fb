import { Type } from 'typebox';
import { component } from '../wire/component.ts';
import { text } from '../wire/description.ts';
import { EXAMPLE, KEY_MATCH } from '../wire/examples.ts';
import { encoded, nullable, password, secretTextOrObject, STRICT } from '../wire/fields.ts';
import { notes } from '../wire/notes.ts';
import { strict } from '../wire/reading.ts';

const TYPES = ['private-key', 'public-key', 'certificate-request', 'certificate'] as const;

export const KeyMatching = component(
  'KeyMatching',
  Type.Object(
    {
      private_key: Type.Optional(secretTextOrObject('A private key in any form')),
      private_key_password: password('`private_key`, when it is encrypted'),
      public_key: Type.Optional(encoded('A public key (SubjectPublicKeyInfo)')),
      csr: Type.Optional(encoded('A CSR')),
      certificate: Type.Optional(encoded('A certificate, or several')),
      chain: Type.Optional(encoded('Certificates above it, up to 10 in any order: PEM blocks or PKCS #7')),
      strict,
    },
    {
      ...STRICT,
      minProperties: 1,
      description: 'At least two things that should belong together.',
      examples: [
        { private_key: EXAMPLE.issuingKey, chain: EXAMPLE.caChain },
        { csr: EXAMPLE.csr, certificate: EXAMPLE.signed.certificate, chain: EXAMPLE.caCertificate },
      ],
    },
  ),
);

const item = Type.Object(
  {
    name: text('The member that it comes from, and its index where there are several, such as `chain/1`.'),
    type: Type.Enum(TYPES, { type: 'string', description: 'What it is.' }),
    subject: Type.Optional(text('OpenSSL one-line form.')),
    issuer: Type.Optional(text('OpenSSL one-line form.')),
    algorithm: text('Algorithm of the key, such as `ml-dsa-65`.'),
    public_key_sha256: text('SHA-256 of the SubjectPublicKeyInfo.'),
  },
  STRICT,
);

const link = Type.Object(
  {
    subject: text('Name of the certificate that was issued.'),
    issuer: text('Name of the certificate whose subject is its issuer.'),
    signature_valid: nullable(
      Type.Boolean({
        description: 'Whether the key of `issuer` signed `subject`; null for an unsupported algorithm.',
      }),
    ),
  },
  STRICT,
);

const pair = Type.Object(
  {
    first: text('Name of one item.'),
    second: text('Name of the other.'),
    same_public_key: Type.Boolean({ description: 'Whether both have the same public key.' }),
    links: Type.Array(link, { description: 'Where the subject of one is the issuer of the other.' }),
  },
  STRICT,
);

export const KeyMatch = component(
  'KeyMatch',
  Type.Object(
    {
      match: Type.Boolean({ description: 'Whether everything belongs together.' }),
      breaks: Type.Array(Type.String(), { description: 'Where it does not, in words.' }),
      items: Type.Array(item, { description: 'What was compared.' }),
      pairs: Type.Array(pair, { description: 'Every two items.' }),
      chain: Type.Optional(
        Type.Object(
          {
            items: Type.Array(Type.String(), { description: 'Names, from the leaf upwards.' }),
            complete: Type.Boolean({ description: 'Whether the last certificate is self-signed.' }),
          },
          {
            ...STRICT,
            description: 'The certificates that issued each other. Absent without a certificate.',
          },
        ),
      ),
      notes,
    },
    { ...STRICT, description: 'Whether keys and certificates belong together.', examples: [KEY_MATCH] },
  ),
);

export const matchComponents = [KeyMatching.schema, KeyMatch.schema];

export const matchKeys = {
  operationId: 'matchKeys',
  tags: ['keys'],
  summary: 'Check whether a key, a CSR, a certificate and a chain belong together',
  description:
    'Compares the public keys of every two, and verifies which certificate issued which. Validity, purposes and revocation ' +
    'are not checked. The private key is not stored, logged or returned.',
  body: KeyMatching.ref,
  response: { 200: KeyMatch.ref },
};
