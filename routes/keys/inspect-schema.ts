import { Type } from 'typebox';
import { KEY_CHECKS } from '../../src/identify/keys/key-checks.ts';
import { closedList } from '../wire/closed-list.ts';
import { component } from '../wire/component.ts';
import { octets, text } from '../wire/description.ts';
import { EXAMPLE, KEY_INSPECTION } from '../wire/examples.ts';
import { keyFormat, password, pem, secretTextOrObject, STRICT } from '../wire/fields.ts';
import { notes } from '../wire/notes.ts';
import { strict } from '../wire/reading.ts';
import { RAW_ALGORITHM_SPELLINGS } from '../wire/spellings.ts';

const FORMS = ['pkcs8', 'encrypted-pkcs8', 'pkcs12', 'pkcs1', 'sec1', 'jwk', 'raw', 'spki'] as const;
const TYPES = ['private-key', 'public-key'] as const;

const KeyInspectionRequest = component(
  'KeyInspectionRequest',
  Type.Object(
    {
      key: secretTextOrObject(
        'A private key in any form, as PKCS #8, PKCS #12, PKCS #1, SEC 1, a JWK or the octets of a seed, or a public key',
      ),
      password: password('`key`, when it is encrypted'),
      key_algorithm: Type.Optional(
        closedList(RAW_ALGORITHM_SPELLINGS, {
          description: 'Algorithm of a key that is octets without a form, where the length does not show it.',
        }),
      ),
      strict,
    },
    {
      ...STRICT,
      description: 'The key to inspect.',
      examples: [{ key: EXAMPLE.keys.private_key }, { key: EXAMPLE.keys.public_key }],
    },
  ),
);

const check = Type.Object(
  {
    check: Type.Enum(KEY_CHECKS, {
      type: 'string',
      description: 'What was checked.',
    }),
    clause: text('The clauses that require it.'),
    passed: Type.Boolean({ description: 'Whether the key is right in this.' }),
    message: Type.Optional(text('What is wrong.')),
    offset: Type.Optional(
      octets('Place of the fault, from the beginning of the PKCS #8 or SubjectPublicKeyInfo structure'),
    ),
  },
  STRICT,
);

const identifier = (description: string) => text(`${description} Capital hexadecimal with colons.`);

const identifiers = Type.Object(
  {
    rfc7093_method_1: identifier(
      'Leftmost 160 bits of SHA-256 of the public key; this service writes it into certificates.',
    ),
    rfc7093_method_2: identifier('Leftmost 160 bits of SHA-384 of the public key.'),
    rfc7093_method_3: identifier('Leftmost 160 bits of SHA-512 of the public key.'),
    rfc7093_method_4: identifier('SHA-256 of the SubjectPublicKeyInfo.'),
    rfc5280_method_1: identifier('SHA-1 of the public key, which OpenSSL writes.'),
    rfc5280_method_2: identifier('0100 and the last 60 bits of SHA-1 of the public key.'),
  },
  { ...STRICT, description: 'Identifiers by RFC 7093 §2 and RFC 5280 §4.2.1.2.' },
);

const KeyInspection = component(
  'KeyInspection',
  Type.Object(
    {
      type: Type.Enum(TYPES, { type: 'string', description: 'Which half of the pair it is.' }),
      form: Type.Enum(FORMS, { type: 'string', description: 'Form of the input.' }),
      version: Type.Optional(
        Type.Integer({ description: 'Version of the PKCS #8 structure: 0, or 1 with the public key.' }),
      ),
      algorithm: Type.Optional(text('Algorithm and size, such as `ml-dsa-65`, `rsa-3072` or `ecdsa-p256`.')),
      oid: Type.Optional(text('Object identifier of the algorithm.')),
      key_format: Type.Optional(keyFormat),
      valid: Type.Boolean({ description: 'Whether every check is passed.' }),
      checks: Type.Array(check, { description: 'The checks that were made, in their order.' }),
      published: Type.Boolean({
        description: 'Whether it is a key of a standard, whose private half is published.',
      }),
      public_key: Type.Optional(pem('the public key (SubjectPublicKeyInfo)')),
      key_identifiers: Type.Optional(identifiers),
      sizes: Type.Object(
        {
          pkcs8: Type.Optional(octets('Length of the PKCS #8 structure')),
          private_key: Type.Optional(octets('Length of the private key inside of it')),
          public_key: Type.Optional(octets('Length of the public key without its SubjectPublicKeyInfo')),
          spki: Type.Optional(octets('Length of the SubjectPublicKeyInfo')),
        },
        STRICT,
      ),
      notes,
    },
    { ...STRICT, description: 'What a key is, and what is wrong with it.', examples: [KEY_INSPECTION] },
  ),
);

export const inspectComponents = [KeyInspectionRequest.schema, KeyInspection.schema];

export const inspectKey = {
  operationId: 'inspectKey',
  tags: ['keys'],
  summary: 'Show what a key is, and what is wrong with it',
  description:
    'For a private or public key: algorithm, form, sizes, identifiers, and each check with its clause and the octet at ' +
    'fault. A key that fails a check gets a reply too. The private key is not stored, logged or returned.',
  body: KeyInspectionRequest.ref,
  response: { 200: KeyInspection.ref },
};
